import type { ProblemRow } from '@kubernest/live';
import { Badge, Group, List, Text } from '@mantine/core';
import type { SectionView } from '../connection/apply-delta.ts';
import { Section, sentence } from './section.tsx';

const rank = { critical: 0, warning: 1 } as const;

export function Problems({ section }: { readonly section: SectionView<ProblemRow> }) {
  const rows = [...section.rows.values()].sort(
    (a, b) => rank[a.severity] - rank[b.severity] || a.key.localeCompare(b.key),
  );
  return (
    <Section id="problems" title="What is wrong" section={section} empty="Nothing is wrong in what you may see.">
      <List listStyleType="none" spacing="xs">
        {rows.map((row) => (
          <List.Item key={row.key}>
            <Group gap="sm" wrap="nowrap" align="flex-start">
              <Badge color={row.severity === 'critical' ? 'red.8' : 'orange.9'} variant="filled" miw={88}>
                {row.severity}
              </Badge>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {row.sentence}
              </Text>
            </Group>
          </List.Item>
        ))}
      </List>
      {section.message && (
        <Text size="xs" className="dim" mt="sm">
          Not looked at: {sentence(section.message)}
        </Text>
      )}
    </Section>
  );
}
