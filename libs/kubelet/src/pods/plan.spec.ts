import type { ContainerState, SandboxState } from '@kubernest/runtime/contract';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { unhonouredFields } from './honoured.ts';
import { type ContainerMemory, planPod } from './plan.ts';

const now = new Date('2026-01-01T00:10:00Z');
const identity = { uid: 'u', name: 'p', namespace: 'd' };
const sandbox: SandboxState = {
  id: 's',
  pod: identity,
  attempt: 0,
  running: true,
  createdAt: now,
  netns: '/n',
  labels: {},
  annotations: {},
};
const podOf = (spec: object, metadata: object = {}): Pod =>
  ({ metadata: { ...identity, ...metadata }, spec: { containers: [{ name: 'a', image: 'i:1' }], ...spec } }) as Pod;
const at = (state: Partial<ContainerState>): ContainerState => ({
  id: 'c',
  pod: identity,
  sandboxId: 's',
  name: 'a',
  attempt: 0,
  kind: 'app',
  image: 'i:1',
  imageId: 'sha256:1',
  state: 'running',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  startedAt: new Date('2026-01-01T00:00:01Z'),
  finishedAt: undefined,
  exitCode: undefined,
  oomKilled: false,
  error: undefined,
  logPath: undefined,
  labels: {},
  annotations: {},
  ...state,
});
const ended = (exitCode: number, more: Partial<ContainerState> = {}) =>
  at({ state: 'exited', exitCode, finishedAt: new Date('2026-01-01T00:09:58Z'), ...more });
const planOf = (
  pod: Pod,
  containers: readonly ContainerState[],
  options: { sandboxes?: SandboxState[]; memory?: ContainerMemory; began?: Date } = {},
) =>
  planPod({
    pod,
    now,
    runtime: { sandboxes: options.sandboxes ?? [sandbox], containers },
    memory: (name) => (name === 'a' ? (options.memory ?? {}) : {}),
    stop: pod.metadata.deletionTimestamp ? { graceSeconds: 5, began: options.began ?? now } : undefined,
  });

describe('an init container that ended well but for a process that was killed for want of memory', () => {
  const initPod = (restartPolicy: string): Pod =>
    podOf({ restartPolicy, initContainers: [{ name: 'i', image: 'i:1' }] });
  const starved = ended(0, { name: 'i', kind: 'init', oomKilled: true });
  it.each([
    ['Never', ['stop-sandbox'], undefined],
    ['OnFailure', ['start-container'], 'i'],
    ['Always', ['start-container'], 'i'],
  ])('has failed: under %s the pod goes on with %o', (restartPolicy, actions, started) => {
    const plan = planOf(initPod(restartPolicy), [starved]);
    expect(plan.actions.map((action) => action.do)).toEqual(actions);
    const [first] = plan.actions;
    expect(first?.do === 'start-container' ? first.entry.container.name : undefined).toBe(started);
  });

  it('is told from an app container, which is believed', () => {
    const plan = planOf(podOf({ restartPolicy: 'OnFailure' }), [ended(0, { oomKilled: true })]);
    expect(plan.actions.map((action) => action.do)).toEqual(['stop-sandbox']);
  });
});

describe('planPod', () => {
  it.each([
    ['starts a sandbox first', podOf({}), [], { sandboxes: [] }, ['start-sandbox']],
    ['starts the container in a new sandbox', podOf({}), [], {}, ['start-container']],
    ['leaves what runs alone', podOf({}), [at({})], {}, []],
    [
      'lets one instance of a container run, the newest',
      podOf({}),
      [at({ id: 'new', attempt: 1 }), at({})],
      {},
      ['stop-containers'],
    ],
    ['lets none run in a sandbox that was replaced', podOf({}), [at({ sandboxId: 'old' })], {}, ['stop-containers']],
    [
      'lets one sandbox of a pod run, the newest',
      podOf({}),
      [at({})],
      { sandboxes: [sandbox, { ...sandbox, id: 'old', attempt: -1 }] },
      ['stop-sandbox'],
    ],
    ['restarts what ended under Always, at once the first time', podOf({}), [ended(0)], {}, ['start-container']],
    ['waits out the back-off of a second crash', podOf({}), [ended(1)], { memory: { crashDelay: 10_000 } }, []],
    ['restarts a failure under OnFailure', podOf({ restartPolicy: 'OnFailure' }), [ended(1)], {}, ['start-container']],
    [
      'stops the sandbox of a pod that succeeded',
      podOf({ restartPolicy: 'OnFailure' }),
      [ended(0)],
      {},
      ['stop-sandbox'],
    ],
    ['never restarts under Never', podOf({ restartPolicy: 'Never' }), [ended(1)], {}, ['stop-sandbox']],
    [
      'stops a container whose probe doomed it',
      podOf({}),
      [at({})],
      { memory: { kill: { id: 'c', message: 'm' } } },
      ['stop-containers'],
    ],
    [
      'stops containers of a deleted pod first',
      podOf({}, { deletionTimestamp: 't' }),
      [at({})],
      {},
      ['stop-containers'],
    ],
    ['then its sandbox', podOf({}, { deletionTimestamp: 't' }), [ended(0)], {}, ['stop-sandbox']],
    [
      'removes what was created and never started, and makes it again',
      podOf({}),
      [at({ state: 'created', startedAt: undefined })],
      {},
      ['remove-container', 'start-container'],
    ],
    [
      'runs init containers before the others',
      podOf({ initContainers: [{ name: 'i', image: 'i:1' }] }),
      [],
      {},
      ['start-container'],
    ],
  ] as const)('%s', (_, pod, containers, options, expected) => {
    expect(planOf(pod, [...containers], options as never).actions.map((a) => a.do)).toEqual(expected);
  });

  it('starts an ephemeral container once, whatever else the pod waits for', () => {
    const pod = podOf({
      initContainers: [{ name: 'a', image: 'i:1' }],
      containers: [{ name: 'b', image: 'i:1' }],
      ephemeralContainers: [{ name: 'e', image: 'i:1' }],
    });
    const starts = (containers: readonly ContainerState[]) =>
      planOf(pod, containers).actions.flatMap((a) => (a.do === 'start-container' ? [a.entry.container.name] : []));
    expect(starts([at({ name: 'a', kind: 'init' })])).toEqual(['e']);
    expect(starts([at({ name: 'a', kind: 'init' }), ended(1, { id: 'x', name: 'e' })])).toEqual([]);
  });

  it.each([
    [0, 5],
    [2, 3],
    [60, 2],
  ])('gives what is stopped after %d s of its grace period %d s', (elapsed, left) => {
    const began = new Date(+now - elapsed * 1000);
    const plan = planOf(podOf({}, { deletionTimestamp: 't' }), [at({})], { began });
    expect(plan.actions).toMatchObject([{ do: 'stop-containers', stops: [{ id: 'c', graceSeconds: left }] }]);
  });

  it('stops sidecars after the others, last started first, whose preStop hooks all begin at once', () => {
    const sidecar = (name: string) => ({ name, image: 'i:1', restartPolicy: 'Always' });
    const pod = podOf({ initContainers: [sidecar('s'), sidecar('t')] }, { deletionTimestamp: 't' });
    const running = ['a', 's', 't'].map((name) => at({ id: name, name }));
    const waves = [3, 2, 1].map((left) =>
      planOf(
        pod,
        running.filter(({ name }) => ['s', 't', 'a'].indexOf(name) < left),
      ).actions.map((a) => a.do === 'stop-containers' && [a.stops, a.later ?? []].map((l) => l.map((s) => s.name))),
    );
    expect(waves).toEqual([[[['a'], ['t', 's']]], [[['t'], ['s']]], [[['s'], []]]]);
  });

  it('stops what its probe doomed with the probe’s own grace period', () => {
    const kill = { id: 'c', message: 'm', graceSeconds: 1 };
    const plan = planOf(podOf({ terminationGracePeriodSeconds: 600 }), [at({})], { memory: { kill } });
    expect(plan.actions).toMatchObject([{ stops: [{ name: 'a', ...kill }] }]);
  });

  it.each([
    ['never started', { restartCount: 0, state: { waiting: {} } }, 0],
    ['was lost while it ran', { restartCount: 2, containerID: 'docker://x', state: { running: {} } }, 3],
    [
      'was lost and waits',
      { restartCount: 2, state: { waiting: {} }, lastState: { terminated: { exitCode: 137 } } },
      3,
    ],
  ])('counts on where a container %s', (_, status, attempt) => {
    const pod = {
      ...podOf({}),
      status: { containerStatuses: [{ name: 'a', image: 'i', imageID: '', ready: false, ...status }] },
    };
    expect(planOf(pod, []).actions).toMatchObject([{ do: 'start-container', attempt }]);
  });

  it('restarts by a container’s own rules before its policy and its pod’s', () => {
    const rules = [{ action: 'Restart', exitCodes: { operator: 'NotIn', values: [0, 1] } }];
    const pod = podOf({
      restartPolicy: 'Always',
      containers: [{ name: 'a', image: 'i:1', restartPolicy: 'Never', restartPolicyRules: rules }],
    });
    const first = (code: number) => planOf(pod, [ended(code)]).actions[0]?.do;
    expect([first(0), first(1), first(2)]).toEqual(['stop-sandbox', 'stop-sandbox', 'start-container']);
  });

  it('says when a back-off ends and what it waits for', () => {
    const plan = planOf(podOf({}), [ended(1)], { memory: { crashDelay: 10_000 } });
    expect(plan.wakeAt).toBe(+new Date('2026-01-01T00:10:08Z'));
    expect(plan.waiting.get('a')).toEqual({
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s restarting failed container=a pod=p_d(u)',
    });
  });
});

describe('unhonouredFields', () => {
  it('names what a node does not honour, and nothing else', () => {
    expect(unhonouredFields(podOf({ restartPolicy: 'Never', hostUsers: true }))).toEqual([]);
    expect(unhonouredFields(podOf({ runtimeClassName: 'kata', hostUsers: false }))).toEqual([
      'spec.runtimeClassName',
      'spec.hostUsers',
    ]);
    expect(unhonouredFields(podOf({ volumes: [{ name: 'v', nfs: { server: 'x' } }] }))).toEqual([
      'spec.volumes[0].nfs',
    ]);
    const container = {
      ...{ name: 'a', image: 'i:1' },
      env: [{ name: 'A', valueFrom: { fileKeyRef: { key: 'k' } } }],
      lifecycle: { stopSignal: 'SIGUSR1', preStop: { sleep: { seconds: 1 } } },
      restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } }],
      securityContext: { appArmorProfile: { type: 'RuntimeDefault' } },
    };
    expect(unhonouredFields(podOf({ containers: [container] }))).toEqual([
      'spec.containers[0].env[0].valueFrom.fileKeyRef',
      'spec.containers[0].lifecycle.stopSignal',
      'spec.containers[0].restartPolicyRules[0].action',
      'spec.containers[0].securityContext.appArmorProfile',
    ]);
  });
});
