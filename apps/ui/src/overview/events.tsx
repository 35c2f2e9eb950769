import type { EventRow } from '@kubernest/live';
import { Badge, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { SectionView } from '../connection/apply-delta.ts';
import { ageText } from '../connection/use-now.ts';
import { Section } from './section.tsx';

interface Props {
  readonly section: SectionView<EventRow>;
  readonly now: Date;
}

export function Events({ section, now }: Props) {
  const rows = [...section.rows.values()].sort((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0));
  return (
    <Section id="events" title="Events" section={section} empty="Nothing has happened lately.">
      <ScrollArea.Autosize mah={720} viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': 'Events, newest first' }}>
        <Stack gap="sm">
          {rows.map((row) => (
            <div key={row.key}>
              <Group gap={6} wrap="nowrap">
                <Badge size="sm" variant="light" tt="none" color={row.type === 'Warning' ? 'orange' : 'gray'}>
                  {row.reason}
                </Badge>
                {row.count > 1 && (
                  <Text size="xs" className="dim number">
                    ×{row.count}
                  </Text>
                )}
                <Text size="xs" className="dim number" ml="auto">
                  {ageText(row.lastAt, now)}
                </Text>
              </Group>
              <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }} mt={2}>
                {row.about}
              </Text>
              <Text size="sm" className="dim" style={{ overflowWrap: 'anywhere' }} lineClamp={4}>
                {row.message}
              </Text>
            </div>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Section>
  );
}
