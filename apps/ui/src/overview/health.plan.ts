import type { OverviewView } from '../connection/apply-delta.ts';

export interface Health {
  readonly tone: 'good' | 'bad' | 'warning' | 'moving' | 'unknown';
  readonly sentence: string;
  readonly detail: string;
}

/** The cluster in one sentence. Never "well" about what was not seen, is not there or is not yet what it should be. */
export function healthOf(view: OverviewView, namespace: string): Health {
  return { ...judge(view, namespace), detail: detailOf(view) };
}

function judge(view: OverviewView, namespace: string): Omit<Health, 'detail'> {
  const { problems, place } = view;
  const where = namespace === '' ? 'the cluster' : `namespace ${namespace}`;
  if (place.state === 'ready' && place.total === 0)
    return { tone: 'unknown', sentence: `There is no namespace ${namespace}.` };
  if (problems.state === 'loading' || place.state === 'loading')
    return { tone: 'unknown', sentence: `Looking at ${where}…` };
  if (problems.state === 'denied') return { tone: 'unknown', sentence: `You may not see how ${where} is doing.` };
  if (problems.total > 0) {
    const count = problems.total === 1 ? 'One thing is' : `${number(problems.total)} things are`;
    return { tone: problems.counts['critical'] ? 'bad' : 'warning', sentence: `${count} wrong.` };
  }
  const motion = motionOf(view);
  if (motion) return { tone: 'moving', sentence: `In motion: ${motion}.` };
  // Whether a namespace is there at all may be hidden, too.
  if (problems.message || place.state === 'denied')
    return { tone: 'good', sentence: 'Nothing is wrong in what you may see.' };
  return { tone: 'good', sentence: namespace === '' ? 'The cluster is well.' : `Namespace ${namespace} is well.` };
}

/** What is on its way and has not gone wrong. */
function motionOf({ pods, deployments }: OverviewView): string | undefined {
  const { moving = 0, done = 0, wanted = 0 } = deployments.counts;
  if (moving > 0) {
    const what = moving === 1 ? 'one roll-out' : `${number(moving)} roll-outs`;
    return `${what}, ${number(done)} of ${plural(wanted, 'replica')}`;
  }
  const unwell = pods.state === 'ready' ? pods.total - (pods.counts['well'] ?? 0) : 0;
  return unwell > 0 ? `${plural(unwell, 'pod')} not running yet or no longer` : undefined;
}

function detailOf({ nodes, pods, deployments }: OverviewView): string {
  const parts: string[] = [];
  if (nodes.state === 'ready')
    parts.push(`${number(nodes.counts['ready'] ?? 0)} of ${plural(nodes.total, 'node')} ready`);
  if (pods.state === 'ready')
    parts.push(`${number(pods.counts['well'] ?? 0)} of ${plural(pods.total, 'pod')} running well`);
  if (deployments.state === 'ready') parts.push(plural(deployments.total, 'deployment'));
  return parts.join(' · ');
}

const number = (count: number): string => count.toLocaleString('en-US');
const plural = (count: number, what: string): string => `${number(count)} ${what}${count === 1 ? '' : 's'}`;
