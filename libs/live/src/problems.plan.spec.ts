import type { Deployment, Node, Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { deploymentProblem, nodeProblem, podProblem } from './problems.plan.ts';

const pod = (status: object, more: object = {}): Pod =>
  ({ metadata: { namespace: 'shop', name: 'web', ...more }, spec: { containers: [{ name: 'c' }] }, status }) as Pod;
const container = (state: object, more: object = {}): object => ({
  containerStatuses: [{ name: 'c', image: 'nginx:1', ready: false, restartCount: 0, state, ...more }],
});
const waiting = (reason: string, message?: string): object => container({ waiting: { reason, message } });
const unscheduled = (reason: string, message?: string): object => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason, message }],
});

describe('what is wrong with a pod', () => {
  it.each<[string, object, string | undefined]>([
    ['runs', { phase: 'Running', ...container({ running: {} }) }, undefined],
    ['is being created', waiting('ContainerCreating'), undefined],
    ['has ended well', { phase: 'Succeeded', ...container({ terminated: { exitCode: 0 } }) }, undefined],
    [
      'crashes',
      container(
        { waiting: { reason: 'CrashLoopBackOff' } },
        { restartCount: 7, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
      ),
      'Pod shop/web keeps crashing: container c was started again 7 times, last with exit code 137 (OOMKilled).',
    ],
    [
      'crashed once',
      container({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 1 }),
      'Pod shop/web keeps crashing: container c was started again once.',
    ],
    [
      'has no image',
      waiting('ImagePullBackOff', 'no such image.'),
      'Pod shop/web cannot get the image nginx:1 of container c: no such image.',
    ],
    [
      'has no image, without a word',
      waiting('ErrImagePull'),
      'Pod shop/web cannot get the image nginx:1 of container c: ErrImagePull.',
    ],
    [
      'lacks its config map',
      waiting('CreateContainerConfigError', 'configmap "a" not found'),
      'Pod shop/web cannot start container c: configmap "a" not found.',
    ],
    [
      'finds no node',
      unscheduled('Unschedulable', '0/1 nodes are available: 1 Insufficient cpu.'),
      'Pod shop/web finds no node: 0/1 nodes are available: 1 Insufficient cpu.',
    ],
    ['is held back on purpose', unscheduled('SchedulingGated'), undefined],
    [
      'was evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
      'Pod shop/web has failed: low on memory.',
    ],
  ])('that %s', (_, status, sentence) => {
    expect(podProblem(pod(status))?.sentence).toBe(sentence);
  });

  it('is nothing any more once it is being deleted', () => {
    expect(podProblem(pod(waiting('ErrImagePull'), { deletionTimestamp: '2026-01-01T00:00:00Z' }))).toBeUndefined();
  });
});

describe('what is wrong with a node', () => {
  const node = (...conditions: object[]): Node => ({ metadata: { name: 'n1' }, status: { conditions } }) as Node;
  it.each<[string, Node, string | undefined]>([
    ['is ready', node({ type: 'Ready', status: 'True' }), undefined],
    ['has said nothing yet', node(), 'Node n1 is not ready.'],
    [
      'is not heard of',
      node({ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }),
      'Node n1 is not ready: Kubelet stopped posting node status.',
    ],
    [
      'lacks memory',
      node({ type: 'Ready', status: 'True' }, { type: 'MemoryPressure', status: 'True' }),
      'Node n1 reports MemoryPressure.',
    ],
  ])('that %s', (_, object, sentence) => {
    expect(nodeProblem(object)?.sentence).toBe(sentence);
  });
});

describe('what is wrong with a deployment', () => {
  const stuck = { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] };
  it.each<[number, object, string | undefined]>([
    [3, { availableReplicas: 3 }, undefined],
    [3, { availableReplicas: 2 }, undefined],
    [0, {}, undefined],
    [3, {}, 'Deployment shop/web does not answer: none of its 3 replicas is available.'],
    [1, {}, 'Deployment shop/web does not answer: its only replica is not available.'],
    [
      3,
      { availableReplicas: 2, ...stuck },
      'The rollout of deployment shop/web is stuck: 2 of 3 replicas are available.',
    ],
  ])('of %i replicas with %j', (replicas, status, sentence) => {
    const deployment = { metadata: { namespace: 'shop', name: 'web' }, spec: { replicas }, status } as Deployment;
    expect(deploymentProblem(deployment)?.sentence).toBe(sentence);
  });
});
