import type { PodRow } from '@kubernest/live';
import { Badge, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { memo, useState } from 'react';
import type { SectionView } from '../connection/apply-delta.ts';
import { ageText } from '../connection/use-now.ts';
import { Section } from './section.tsx';

interface Props {
  readonly section: SectionView<PodRow>;
  readonly now: Date;
}

/** What a page can hold without getting slow. */
const MOST_SHOWN = 200;

export function Pods({ section, now }: Props) {
  const [text, setText] = useState('');
  const [filter] = useDebouncedValue(text.trim().toLowerCase(), 120);
  const matching = [...section.rows.values()]
    .filter((row) => `${row.key} ${row.status} ${row.node}`.toLowerCase().includes(filter))
    .sort((a, b) => Number(a.well) - Number(b.well) || a.key.localeCompare(b.key));
  const search = (
    <TextInput
      aria-label="Filter pods by name, status or node"
      placeholder="Filter"
      size="xs"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
  return (
    <Section id="pods" title="Pods" section={section} empty="There is no pod." aside={search}>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-labelledby="pods" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Namespace</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Ready</Table.Th>
              <Table.Th>Restarts</Table.Th>
              <Table.Th>Node</Table.Th>
              <Table.Th>Age</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {matching.slice(0, MOST_SHOWN).map((row) => (
              <PodLine key={row.key} row={row} age={ageText(row.createdAt, now)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {matching.length > MOST_SHOWN && (
        <Text size="sm" className="dim" mt="xs">
          {MOST_SHOWN} of {matching.length} are shown, those that are not well first. Filter to see others.
        </Text>
      )}
      {matching.length === 0 && (
        <Text size="sm" className="dim" mt="xs">
          No pod matches.
        </Text>
      )}
    </Section>
  );
}

const calm = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating', 'Running']);

const PodLine = memo(({ row, age }: { readonly row: PodRow; readonly age: string }) => (
  <Table.Tr>
    <Table.Td fw={500} style={{ overflowWrap: 'anywhere' }}>
      {row.name}
    </Table.Td>
    <Table.Td>{row.namespace}</Table.Td>
    <Table.Td>
      <Badge
        variant="light"
        tt="none"
        miw="max-content"
        color={row.well ? 'teal' : calm.has(row.status) ? 'yellow' : 'red'}
      >
        {row.status}
      </Badge>
    </Table.Td>
    <Table.Td className="number">
      {row.ready}/{row.total}
    </Table.Td>
    <Table.Td className="number">{row.restarts}</Table.Td>
    <Table.Td>{row.node}</Table.Td>
    <Table.Td className="number">{age}</Table.Td>
  </Table.Tr>
));
