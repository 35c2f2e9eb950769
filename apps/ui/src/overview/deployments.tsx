import type { DeploymentRow } from '@kubernest/live';
import { Progress, Table, Text } from '@mantine/core';
import type { SectionView } from '../connection/apply-delta.ts';
import { ageText } from '../connection/use-now.ts';
import { Section } from './section.tsx';

interface Props {
  readonly section: SectionView<DeploymentRow>;
  readonly now: Date;
}

export function Deployments({ section, now }: Props) {
  const rows = [...section.rows.values()].sort((a, b) => a.key.localeCompare(b.key));
  return (
    <Section id="deployments" title="Deployments" section={section} empty="There is no deployment.">
      <Table.ScrollContainer minWidth={560}>
        <Table aria-labelledby="deployments" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Namespace</Table.Th>
              <Table.Th w={190}>Ready</Table.Th>
              <Table.Th>Image</Table.Th>
              <Table.Th>Age</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key}>
                <Table.Td fw={500}>{row.name}</Table.Td>
                <Table.Td>{row.namespace}</Table.Td>
                <Table.Td>
                  <Ready row={row} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm" ff="monospace" truncate maw={260} title={row.images.join(', ')}>
                    {row.images.join(', ')}
                  </Text>
                </Table.Td>
                <Table.Td className="number">{ageText(row.createdAt, now)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

function Ready({ row: { name, ready, wanted, updated } }: { readonly row: DeploymentRow }) {
  const share = wanted === 0 ? 100 : (100 * Math.min(ready, wanted)) / wanted;
  const color = share === 100 ? 'teal' : share === 0 ? 'red' : 'orange';
  return (
    <>
      <Text size="sm" className="number">
        {ready} of {wanted} ready{updated < wanted ? `, ${updated} updated` : ''}
      </Text>
      <Progress value={share} color={color} size="xs" aria-label={`${name}: ${ready} of ${wanted} replicas ready`} />
    </>
  );
}
