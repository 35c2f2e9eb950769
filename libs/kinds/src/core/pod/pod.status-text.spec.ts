import { expect, it } from 'vitest';
import type { Pod } from '../../types.ts';
import { podColumns } from './pod.columns.ts';
import { restartsText, summarizePod } from './pod.status-text.ts';

const now = new Date('2026-11-24T12:00:00Z');
type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];

function container(state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name: 'main', image: 'x', imageID: '', ready: false, restartCount: 0, state, ...more };
}
const running = (more: Partial<ContainerStatus> = {}) =>
  container({ running: { startedAt: '2026-11-24T11:00:00Z' } }, { ready: true, started: true, ...more });
const waiting = (reason?: string, more: Partial<ContainerStatus> = {}) => container({ waiting: { reason } }, more);
const ended = (exitCode: number, reason?: string, more: Partial<ContainerStatus> & { signal?: number } = {}) =>
  container({ terminated: { exitCode, reason, signal: more.signal } }, more);

function pod(status: Status, spec: object = {}, metadata: object = {}): Pod {
  return { metadata, spec: { containers: [{ name: 'main' }], ...spec }, status } as Pod;
}
const twoInits = { initContainers: [{ name: 'first' }, { name: 'second' }] };
const sidecar = { initContainers: [{ name: 'side', restartPolicy: 'Always' }] };
const condition = (type: string, reason?: string) => [{ type, status: reason ? 'False' : 'True', reason }];

const cases: readonly (readonly [what: string, pod: Pod, status: string, ready: string])[] = [
  ['nothing yet', pod({ phase: 'Pending' }), 'Pending', '0/1'],
  [
    'gated',
    pod({ phase: 'Pending', conditions: condition('PodScheduled', 'SchedulingGated') }),
    'SchedulingGated',
    '0/1',
  ],
  ['evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', '0/1'],
  [
    'being made',
    pod({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] }),
    'ContainerCreating',
    '0/1',
  ],
  ['running', pod({ phase: 'Running', containerStatuses: [running()] }), 'Running', '1/1'],
  ['not ready', pod({ phase: 'Running', containerStatuses: [running({ ready: false })] }), 'Running', '0/1'],
  ['crashing', pod({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')] }), 'CrashLoopBackOff', '0/1'],
  ['done', pod({ phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] }), 'Completed', '0/1'],
  ['failed', pod({ phase: 'Failed', containerStatuses: [ended(1, 'Error')] }), 'Error', '0/1'],
  ['ended without a reason', pod({ phase: 'Failed', containerStatuses: [ended(3)] }), 'ExitCode:3', '0/1'],
  [
    'killed without a reason',
    pod({ phase: 'Failed', containerStatuses: [ended(137, '', { signal: 9 })] }),
    'Signal:9',
    '0/1',
  ],
  [
    'one done, one running',
    pod({ phase: 'Running', containerStatuses: [ended(0, 'Completed'), running()] }),
    'NotReady',
    '1/1',
  ],
  [
    'one done, the pod ready',
    pod({ phase: 'Running', conditions: condition('Ready'), containerStatuses: [ended(0, 'Completed'), running()] }),
    'Running',
    '1/1',
  ],
  [
    'first init container at work',
    pod({ phase: 'Pending', initContainerStatuses: [running({ name: 'first' })] }, twoInits),
    'Init:0/2',
    '0/1',
  ],
  [
    'second init container waits its turn',
    pod({ phase: 'Pending', initContainerStatuses: [ended(0, 'Completed'), waiting('PodInitializing')] }, twoInits),
    'Init:1/2',
    '0/1',
  ],
  [
    'init container without its image',
    pod({ phase: 'Pending', initContainerStatuses: [waiting('ImagePullBackOff')] }, twoInits),
    'Init:ImagePullBackOff',
    '0/1',
  ],
  [
    'init container failed',
    pod({ phase: 'Pending', initContainerStatuses: [ended(1, 'Error')] }, twoInits),
    'Init:Error',
    '0/1',
  ],
  [
    'init container exit code',
    pod({ phase: 'Pending', initContainerStatuses: [ended(7)] }, twoInits),
    'Init:ExitCode:7',
    '0/1',
  ],
  [
    'sidecar runs beside',
    pod(
      { phase: 'Running', initContainerStatuses: [running({ name: 'side' })], containerStatuses: [running()] },
      sidecar,
    ),
    'Running',
    '2/2',
  ],
  [
    'sidecar still starting',
    pod({ phase: 'Pending', initContainerStatuses: [running({ name: 'side', started: false })] }, sidecar),
    'Init:0/1',
    '0/2',
  ],
  [
    'on its way out',
    pod({ phase: 'Running', containerStatuses: [running()] }, {}, { deletionTimestamp: '2026-11-24T12:00:00Z' }),
    'Terminating',
    '1/1',
  ],
  [
    'done and deleted',
    pod(
      { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] },
      {},
      { deletionTimestamp: '2026-11-24T12:00:00Z' },
    ),
    'Completed',
    '0/1',
  ],
  [
    'deleted on a lost node',
    pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: '2026-11-24T12:00:00Z' }),
    'Unknown',
    '0/1',
  ],
];

it.each(cases)('says what kubectl says of a pod: %s', (_, object, status, ready) => {
  const summary = summarizePod(object);
  expect([summary.status, `${summary.ready}/${summary.total}`]).toEqual([status, ready]);
});

it('counts restarts of the containers that count, and says when the last was', () => {
  const lastState = { terminated: { exitCode: 1, finishedAt: '2026-11-24T11:55:00Z' } };
  const restarted = pod(
    {
      phase: 'Running',
      initContainerStatuses: [ended(0, 'Completed', { restartCount: 9 })],
      containerStatuses: [running({ restartCount: 2, lastState })],
    },
    twoInits,
  );
  expect(restartsText(summarizePod(restarted), now)).toBe('2 (5m ago)');
  const starting = pod(
    { initContainerStatuses: [waiting('CrashLoopBackOff', { restartCount: 4, lastState })] },
    twoInits,
  );
  expect(restartsText(summarizePod(starting), now)).toBe('4 (5m ago)');
  expect(restartsText(summarizePod(pod({ phase: 'Running' })), now)).toBe('0');
});

it('shows addresses, the node and readiness gates with -o wide', () => {
  const gated = pod(
    { podIP: '10.1.0.5', podIPs: [{ ip: '10.1.0.5' }], conditions: condition('example.test/warm') },
    {
      nodeName: 'worker-1',
      readinessGates: [{ conditionType: 'example.test/warm' }, { conditionType: 'example.test/hot' }],
    },
  );
  const wide = podColumns.filter((column) => column.priority === 1);
  expect(wide.map((column) => column.name)).toEqual(['IP', 'Node', 'Nominated Node', 'Readiness Gates']);
  expect(wide.map((column) => column.cell(gated, now))).toEqual(['10.1.0.5', 'worker-1', '<none>', '1/2']);
});
