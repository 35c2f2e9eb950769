import { Grid, Paper, Stack, Text, Title } from '@mantine/core';
import type { OverviewView } from '../connection/apply-delta.ts';
import { useNow } from '../connection/use-now.ts';
import { Deployments } from './deployments.tsx';
import { Events } from './events.tsx';
import { type Health, healthOf } from './health.plan.ts';
import { Nodes } from './nodes.tsx';
import { Pods } from './pods.tsx';
import { Problems } from './problems.tsx';

interface Props {
  readonly view: OverviewView;
  readonly namespace: string;
  /** What is shown may be old. */
  readonly stale: boolean;
}

const colors: Readonly<Record<Health['tone'], string>> = {
  good: 'teal',
  bad: 'red',
  warning: 'orange',
  moving: 'blue',
  unknown: 'gray',
};

export function Overview({ view, namespace, stale }: Props) {
  const now = useNow();
  const health = healthOf(view, namespace);
  return (
    <Stack gap="md" opacity={stale ? 0.65 : 1}>
      <Paper withBorder p="md" style={{ borderLeft: `6px solid var(--mantine-color-${colors[health.tone]}-6)` }}>
        <Title order={2} size="h3" aria-live="polite">
          {health.sentence}
        </Title>
        <Text size="sm" className="dim number" mt={4}>
          {health.detail}
        </Text>
      </Paper>
      {(view.problems.total > 0 || view.problems.message) && <Problems section={view.problems} />}
      <Nodes section={view.nodes} now={now} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <Deployments section={view.deployments} now={now} />
            <Pods section={view.pods} now={now} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Events section={view.events} now={now} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
