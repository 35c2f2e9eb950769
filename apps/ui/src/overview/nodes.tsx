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
              {[node.cpu && `${node.cpu} CPU`, node.memory && memoryText(node.memory), node.address]
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

const units: Readonly<Record<string, number>> = { Ki: 1 / 1024 ** 2, Mi: 1 / 1024, Gi: 1, '': 1 / 1024 ** 3 };

/** A quantity of memory in GiB; what is written otherwise stays as it is. */
function memoryText(quantity: string): string {
  const [, digits, unit] = /^(\d+)(Ki|Mi|Gi|)$/.exec(quantity) ?? [];
  if (digits === undefined || unit === undefined) return quantity;
  return `${(Number(digits) * (units[unit] ?? 1)).toFixed(1)} GiB`;
}
