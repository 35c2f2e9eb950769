import { Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SectionView } from '../connection/apply-delta.ts';

interface Props {
  readonly id: string;
  readonly title: string;
  readonly section: SectionView;
  readonly empty: string;
  readonly children: ReactNode;
  readonly aside?: ReactNode;
}

/** A landmark with its count; what is loading, denied or empty is said in the same place. */
export function Section({ id, title, section, empty, children, aside }: Props) {
  const shown = section.rows.size;
  const count = shown < section.total ? `${shown} of ${section.total}` : String(section.total);
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="md">
      <Group justify="space-between" mb="sm" gap="sm">
        <Group gap="xs" align="baseline">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {section.state === 'ready' && (
            <Text size="sm" className="dim number">
              {count}
            </Text>
          )}
        </Group>
        {aside}
      </Group>
      <Body section={section} empty={empty}>
        {children}
      </Body>
    </Paper>
  );
}

function Body({ section, empty, children }: Pick<Props, 'section' | 'empty' | 'children'>) {
  if (section.state === 'loading') return <Skeleton height={60} aria-label="Loading" />;
  if (section.state === 'denied') return <Quiet>{sentence(section.message ?? 'you may not list these')}</Quiet>;
  return section.rows.size === 0 ? <Quiet>{empty}</Quiet> : children;
}

const Quiet = ({ children }: { readonly children: ReactNode }) => (
  <Text size="sm" className="dim">
    {children}
  </Text>
);

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
