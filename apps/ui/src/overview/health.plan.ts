import type { OverviewView } from '../connection/apply-delta.ts';

export interface Health {
  readonly tone: 'good' | 'bad' | 'warning' | 'unknown';
  readonly sentence: string;
  readonly detail: string;
}

/** The cluster in one sentence. Never "well" about what was not seen. */
export function healthOf(view: OverviewView, namespace: string): Health {
  const detail = detailOf(view);
  const { problems } = view;
  const place = namespace === '' ? 'the cluster' : `namespace ${namespace}`;
  if (problems.state === 'loading') return { tone: 'unknown', sentence: `Looking at ${place}…`, detail };
  if (problems.state === 'denied')
    return { tone: 'unknown', sentence: `You may not see how ${place} is doing.`, detail };
  if (problems.total === 0)
    return problems.message
      ? { tone: 'good', sentence: 'Nothing is wrong in what you may see.', detail }
      : {
          tone: 'good',
          sentence: namespace === '' ? 'The cluster is well.' : `Namespace ${namespace} is well.`,
          detail,
        };
  const critical = [...problems.rows.values()].some(({ severity }) => severity === 'critical');
  const count = problems.total === 1 ? 'One thing is' : `${problems.total} things are`;
  return { tone: critical ? 'bad' : 'warning', sentence: `${count} wrong.`, detail };
}

function detailOf({ nodes, pods, deployments }: OverviewView): string {
  const parts: string[] = [];
  if (nodes.state === 'ready') {
    const ready = [...nodes.rows.values()].filter((node) => node.ready).length;
    parts.push(`${ready} of ${plural(nodes.total, 'node')} ready`);
  }
  if (pods.state === 'ready') {
    const unwell = [...pods.rows.values()].filter((pod) => !pod.well).length;
    // Unwell pods come first in the window, so all that are not shown are well.
    parts.push(`${pods.total - unwell} of ${plural(pods.total, 'pod')} running well`);
  }
  if (deployments.state === 'ready') parts.push(plural(deployments.total, 'deployment'));
  return parts.join(' · ');
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
