import type { NodeRow } from '@kubernest/live';
import { Badge, Card, Group, SimpleGrid, Text } from '@mantine/core';
import type { SectionView } from '../connection/apply-delta.ts';
import { ageText } from '../connection/use-now.ts';
import { Section } from './section.tsx';

interface Props {
  readonly section: SectionView<NodeRow>;
  readonly now: Date;
}

export function Nodes({ section, now }: Props) {
  const rows = [...section.rows.values()].sort(
    (a, b) => Number(a.ready) - Number(b.ready) || a.key.localeCompare(b.key),
  );
  return (
    <Section id="nodes" title="Nodes" section={section} empty="There is no node.">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {rows.slice(0, 60).map((node) => (
          <Card key={node.key} withBorder padding="sm" component="article" aria-label={`Node ${node.name}`}>
            <Group justify="space-between" wrap="nowrap">
              <Text fw={600} truncate title={node.name}>
                {node.name}
              </Text>
              <Badge color={node.ready ? 'teal.9' : 'red.8'} variant="filled" tt="none" style={{ flexShrink: 0 }}>
                {node.status}
              </Badge>
            </Group>
            <Text size="sm" className="dim number" mt={6}>
              {[node.cpu && `${node.cpu} CPU`, node.memory > 0 && memoryText(node.memory), node.address]
                .filter(Boolean)
                .join(' · ')}
            </Text>
            <Text size="xs" className="dim number">
              {[node.roles.join(', '), node.version, ageText(node.createdAt, now)].filter(Boolean).join(' · ')}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {rows.length > 60 && (
        <Text size="sm" className="dim" mt="sm">
          60 nodes are shown, those that are not ready first.
        </Text>
      )}
    </Section>
  );
}

const memoryText = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
