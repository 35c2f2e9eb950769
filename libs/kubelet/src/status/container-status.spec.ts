import type { ContainerState } from '@kubernest/runtime/contract';
import { describe, expect, it } from 'vitest';
import type { ContainerStatus } from '../types.ts';
import { containerStatus } from './container-status.ts';

const at = new Date('2026-01-01T00:00:00Z');
const running = (attempt: number): ContainerState => ({
  ...{ id: `c${attempt}`, pod: { uid: 'u', name: 'p', namespace: 'n' }, sandboxId: 's', name: 'a', attempt },
  ...{ kind: 'app', image: 'i:1', imageId: 'sha256:i', state: 'running', createdAt: at, startedAt: at },
  ...{ finishedAt: undefined, exitCode: undefined, oomKilled: false, error: undefined, logPath: undefined },
  ...{ labels: {}, annotations: {} },
});
const statusOf = (before: Partial<ContainerStatus>, ...instances: ContainerState[]): ContainerStatus =>
  containerStatus({
    entry: { container: { name: 'a', image: 'i:1' }, kind: 'app', sidecar: false },
    ...{ instances, waiting: undefined, started: true, ready: true, hasInit: false, stopping: false },
    before: { name: 'a', image: 'i:1', imageID: '', ready: true, restartCount: 0, ...before },
    ...{ message: () => undefined, runtimeName: 'docker', imageRef: (id: string) => id },
  });
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
