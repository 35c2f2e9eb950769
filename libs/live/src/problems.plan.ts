import type { Deployment, Node, Pod } from '@kubernest/kinds';
import { keyOf, withoutEnd } from '@kubernest/meta';
import type { ProblemRow } from './view.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const imageFailures = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const startFailures = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** What is wrong with a node, if anything. */
export function nodeProblem(node: Node): ProblemRow | undefined {
  const name = keyOf(node);
  const problem = (severity: ProblemRow['severity'], sentence: string): ProblemRow => ({
    key: `Node/${name}`,
    severity,
    kind: 'Node',
    about: name,
    sentence,
  });
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True')
    return problem('critical', `Node ${name} is not ready${because(ready?.message ?? ready?.reason)}.`);
  const pressure = conditions.find(({ type, status }) => type.endsWith('Pressure') && status === 'True');
  if (pressure) return problem('warning', `Node ${name} reports ${pressure.type}${because(pressure.message)}.`);
  return undefined;
}

export function podProblem(pod: Pod): ProblemRow | undefined {
  if (pod.metadata.deletionTimestamp) return undefined;
  const sentence = podSentence(pod);
  if (!sentence) return undefined;
  const about = keyOf(pod);
  return { key: `Pod/${about}`, severity: sentence.severity, kind: 'Pod', about, sentence: sentence.text };
}

interface Sentence {
  readonly severity: ProblemRow['severity'];
  readonly text: string;
}

function podSentence(pod: Pod): Sentence | undefined {
  const name = `Pod ${keyOf(pod)}`;
  const { status } = pod;
  if (status?.phase === 'Succeeded') return undefined;
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason !== 'SchedulingGated')
    return { severity: 'critical', text: `${name} finds no node${because(scheduled.message ?? scheduled.reason)}.` };
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const text = containerSentence(name, container);
    if (text) return { severity: 'critical', text };
  }
  if (status?.phase === 'Failed')
    return { severity: 'warning', text: `${name} has failed${because(status.message ?? status.reason)}.` };
  return undefined;
}

function containerSentence(pod: string, { name, image, state, lastState, restartCount }: ContainerStatus) {
  const waiting = state?.waiting;
  const reason = waiting?.reason ?? '';
  if (imageFailures.has(reason))
    return `${pod} cannot get the image ${image} of container ${name}${because(waiting?.message ?? reason)}.`;
  if (startFailures.has(reason)) return `${pod} cannot start container ${name}${because(waiting?.message ?? reason)}.`;
  if (reason === 'CrashLoopBackOff') {
    const ended = lastState?.terminated;
    const how = ended ? `, last with exit code ${ended.exitCode}${ended.reason ? ` (${ended.reason})` : ''}` : '';
    return `${pod} keeps crashing: container ${name} was started again ${times(restartCount ?? 0)}${how}.`;
  }
  return undefined;
}

export function deploymentProblem(deployment: Deployment): ProblemRow | undefined {
  const about = keyOf(deployment);
  const wanted = deployment.spec?.replicas ?? 1;
  const available = deployment.status?.availableReplicas ?? 0;
  const stuck = deployment.status?.conditions?.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  const row = { key: `Deployment/${about}`, kind: 'Deployment', about } as const;
  if (wanted > 0 && available === 0) {
    const which = wanted === 1 ? 'its only replica is not' : `none of its ${wanted} replicas is`;
    return { ...row, severity: 'critical', sentence: `Deployment ${about} does not answer: ${which} available.` };
  }
  if (stuck)
    return {
      ...row,
      severity: 'warning',
      sentence: `The rollout of deployment ${about} is stuck: ${available} of ${wanted} replicas are available.`,
    };
  return undefined;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Messages come with and without a full stop; ours has one at the end. */
function because(message: string | undefined): string {
  const text = withoutEnd(message?.trim() ?? '', '.');
  return text ? `: ${text}` : '';
}
