import type { ContainerState } from '@kubernest/runtime/contract';
import { describe, expect, it } from 'vitest';
import { IMAGE_DIGEST_ANNOTATION } from '../pods/container-config.ts';
import type { Container, ContainerStatus, Pod } from '../types.ts';
import { type ContainerFacts, containerStatus } from './container-status.ts';

const at = new Date('2026-01-01T00:00:00Z');
const running = (attempt: number): ContainerState => ({
  ...{ id: `c${attempt}`, pod: { uid: 'u', name: 'p', namespace: 'n' }, sandboxId: 's', name: 'a', attempt },
  ...{ kind: 'app', image: 'i:1', imageId: 'sha256:i', state: 'running', createdAt: at, startedAt: at },
  ...{ finishedAt: undefined, exitCode: undefined, oomKilled: false, error: undefined, logPath: undefined },
  ...{ labels: {}, annotations: {} },
});
const facts = (before: Partial<ContainerStatus>, instances: readonly ContainerState[]): ContainerFacts => ({
  pod: { metadata: { name: 'p' } },
  entry: { container: { name: 'a', image: 'i:1' }, kind: 'app', sidecar: false },
  ...{ instances, waiting: undefined, started: true, ready: true, hasInit: false, stopping: false },
  before: { name: 'a', image: 'i:1', imageID: '', ready: true, restartCount: 0, ...before },
  ...{ message: () => undefined, runtimeName: 'docker' },
});
const statusOf = (before: Partial<ContainerStatus>, ...instances: ContainerState[]): ContainerStatus =>
  containerStatus(facts(before, instances));
const ended = { exitCode: 1, reason: 'Error' };

describe('what is shown of a container that runs', () => {
  it.each<[string, Partial<ContainerStatus>, string | undefined]>([
    ['nothing before its first instance', {}, undefined],
    ['what it showed, while it is the same', { restartCount: 1, lastState: { terminated: ended } }, 'Error'],
    ['that the one before it was lost', { state: { running: {} } }, 'ContainerStatusUnknown'],
    ['how the one before it ended, though that was lost', { state: { terminated: ended } }, 'Error'],
    ['what was last known, when it waited', { state: { waiting: {} }, lastState: { terminated: ended } }, 'Error'],
  ])('%s', (_, before, reason) => {
    const attempt = before.state || before.restartCount ? 1 : 0;
    expect(statusOf(before, running(attempt)).lastState?.terminated?.reason).toBe(reason);
  });
});

describe('the image of a container', () => {
  it.each([
    ['is the registry’s', { [IMAGE_DIGEST_ANNOTATION]: 'r/i@sha256:d' }, 'docker-pullable://r/i@sha256:d'],
    ['is the engine’s own where it came from none', {}, 'docker://sha256:i'],
  ])('%s', (_, annotations, imageID) => {
    expect(statusOf({}, { ...running(0), annotations }).imageID).toBe(imageID);
  });
});

describe('what a container was made with is shown', () => {
  type Security = NonNullable<NonNullable<Pod['spec']>['securityContext']>;
  const shown = (over: Partial<Container>, securityContext: Security = {}, ...instances: ContainerState[]) => {
    const container = { name: 'a', image: 'i:1', ...over };
    const { resources, allocatedResources, volumeMounts, user } = containerStatus({
      ...facts({}, instances),
      pod: { metadata: { name: 'p' }, spec: { containers: [container], securityContext } },
      entry: { container, kind: 'app', sidecar: false },
    });
    return JSON.parse(JSON.stringify({ resources, allocatedResources, volumeMounts, user }));
  };
  const requests = { cpu: '100m', memory: '64Mi' };
  const resources = { requests, limits: { memory: '64Mi' } };
  const exited: ContainerState = { ...running(0), state: 'exited', exitCode: 0, finishedAt: at };
  const all = { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000, 2000] };

  it.each<[string, Partial<Container>, Security, object]>([
    ['nothing that it did not ask for', {}, {}, { resources: {} }],
    ['its resources', { resources }, {}, { resources, allocatedResources: requests }],
    ['limits without requests', { resources: { limits: { cpu: '1' } } }, {}, { resources: { limits: { cpu: '1' } } }],
    [
      'who its processes are',
      { securityContext: { runAsUser: 7 } },
      all,
      { resources: {}, user: { linux: { uid: 7, gid: 3000, supplementalGroups: [3000, 2000, 4000] } } },
    ],
    ['not who they are when the image says it', { securityContext: { runAsUser: 7 } }, {}, { resources: {} }],
    ['not who they are when the image knows the group', {}, { runAsUser: 7, fsGroup: 1 }, { resources: {} }],
    [
      'its mounts',
      {
        volumeMounts: [
          { name: 'v', mountPath: '/v', subPath: 'a' },
          { name: 'w', mountPath: '/w', readOnly: true, recursiveReadOnly: 'IfPossible' },
        ],
      },
      {},
      {
        resources: {},
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'w', mountPath: '/w', readOnly: true, recursiveReadOnly: 'Disabled' },
        ],
      },
    ],
  ])('%s', (_, container, security, wanted) => {
    expect(shown(container, security, running(0))).toEqual(wanted);
    expect(shown(container, security, exited)).toEqual(wanted);
  });

  it('once it was made; before, only where it will have its mounts', () => {
    const volumeMounts = [{ name: 'v', mountPath: '/v' }];
    expect(shown({ resources, volumeMounts }, all)).toEqual({ volumeMounts });
  });
});
