import type { Node, Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';

/** A pod may take this long before its not being ready is worth a word. */
const patience: Milliseconds = 30_000;
/** Of one cause, so many are named. */
const named = 5;

export const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** As the dashboard counts them: it is done, or runs with all that is in it ready. */
export const isWell = ({ metadata, status }: Pod): boolean =>
  status?.phase === 'Succeeded' ||
  (status?.phase === 'Running' && metadata?.deletionTimestamp === undefined && isPodReady(status));

const isPodReady = (status: Pod['status']): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** A sentence for each node that is not Ready or short of something, and each pod that does not get on, at most five of each. */
export function unwellWords(nodes: readonly Node[], pods: readonly Pod[], now: Date): readonly string[] {
  return [
    ...shortened(nodes.flatMap(nodeWords), 'nodes'),
    ...shortened(pods.filter((pod) => isUnwell(pod, now)).map(podWords), 'pods'),
  ];
}

function shortened(words: readonly string[], what: string): readonly string[] {
  return words.length <= named ? words : [...words.slice(0, named), `${words.length - named} more ${what} like these`];
}

/** Of every condition but Ready, True is the bad one. */
function nodeWords({ metadata, status }: Node): readonly string[] {
  const conditions = status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const short = conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True');
  return [
    ...(ready?.status === 'True' ? [] : [withWords(`node ${metadata?.name} is not Ready`, ready?.message)]),
    ...short.map(({ type, message }) => withWords(`node ${metadata?.name} has ${type}`, message)),
  ];
}

const withWords = (what: string, message: string | undefined): string => (message ? `${what}: ${message}` : what);

function isUnwell({ metadata, status }: Pod, now: Date): boolean {
  if (metadata?.deletionTimestamp || status?.phase === 'Succeeded') return false;
  if (status?.phase === 'Failed') return true;
  if (+now - Date.parse(metadata?.creationTimestamp ?? '') < patience) return false;
  return !isPodReady(status);
}

function podWords({ metadata, status }: Pod): string {
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .map(({ state }) => state?.waiting)
    .find((state) => state?.reason);
  const unscheduled = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const why = waiting?.reason ?? status?.reason ?? unscheduled?.message ?? 'it is not ready';
  return `pod ${metadata?.namespace}/${metadata?.name}: ${why}`;
}
