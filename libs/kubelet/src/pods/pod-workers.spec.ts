import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createEventRecorder } from '@kubernest/client';
import { type Context, childContext, silentLogger, systemClock } from '@kubernest/kit';
import type { PodIdentity } from '@kubernest/runtime/contract';
import { HollowNetwork, type HollowRuntime, openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PodEventRecorder } from '../events/pod-events.ts';
import { LogLinks } from '../logs/log-links.ts';
import { startApi } from '../testing/api.ts';
import { key, podOf } from '../testing/kubelet.ts';
import { PODS, type Pod } from '../types.ts';
import { directoryMounter } from '../volumes/mounter.ts';
import { GRACE_ANNOTATION } from './container-config.ts';
import type { NodeParts } from './node-parts.ts';
import { PodWorkers } from './pod-workers.ts';
import { RuntimeView } from './runtime-view.ts';

let dir: string;
let ctx: Context;
let stop: AbortController;
let client: Client;
let runtime: HollowRuntime;
let view: RuntimeView;
let workers: PodWorkers;
/** Pods of which nothing is left, and who waits for the next. */
let released: string[];
let news: () => void;
let atRelease: () => void;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'workers-'));
  const root = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
  ({ ctx, controller: stop } = childContext(root));
  client = await startApi(ctx);
  runtime = openHollowRuntime();
  view = new RuntimeView(runtime, () => {});
  released = [];
  [news, atRelease] = [() => {}, () => {}];
  const release = (uid: string): void => {
    released.push(uid);
    atRelease();
    news();
  };
  const recorder = createEventRecorder({ component: 'kubelet', host: 'n1', client }, ctx);
  const parts: Partial<NodeParts> = {
    ...{ client, runtime, view, mounter: directoryMounter, network: new HollowNetwork(), hostIPs: ['192.0.2.1'] },
    links: new LogLinks(join(dir, 'log')),
    events: new PodEventRecorder(recorder),
    objects: { release: () => {} } as never,
    tokens: { release } as never,
    podDir: (uid) => join(dir, 'pods', uid),
    allocatable: () => ({}),
  };
  workers = new PodWorkers(parts as NodeParts, ctx);
});
afterEach(() => {
  stop.abort();
  rmSync(dir, { recursive: true });
});

/** Returns when nothing is left of so many pods, and they are let go of. */
async function untilReleased(count: number): Promise<void> {
  while (released.length < count) await new Promise<void>((resolve) => (news = resolve));
  await new Promise((next) => setImmediate(next));
}

/** What somebody else has left running. */
async function left(pod: PodIdentity, ...graces: readonly (string | undefined)[]): Promise<void> {
  const { id } = await runtime.runSandbox(
    { pod, attempt: 0, network: 'host', labels: {}, annotations: {} } as never,
    ctx,
  );
  for (const [i, grace] of graces.entries()) {
    const annotations = grace === undefined ? {} : { [GRACE_ANNOTATION]: grace };
    const config = { pod, sandboxId: id, name: `c${i}`, attempt: 0, kind: 'app', labels: {}, annotations };
    const made = await runtime.createContainer(config as never, ctx);
    await runtime.startContainer(made.id, ctx);
  }
}
const identity = (uid: string): PodIdentity => ({ uid, name: `name-${uid}`, namespace: 'default' });

describe('of pods that only the runtime remembers', () => {
  it.each([
    ['its own', ['7'], [7]],
    ['the usual', [undefined], [30]],
    ['that of the first who has one', [undefined, '7'], [7, 7]],
    ['none', [], []],
  ])('each is ended within %s grace', async (_, graces, given) => {
    await left(identity('stray'), ...graces);
    await view.refresh(ctx);
    const asked: number[] = [];
    const { stopContainer } = runtime;
    runtime.stopContainer = (id, grace, c) => {
      asked.push(grace);
      return stopContainer(id, grace, c);
    };
    workers.begin();
    await untilReleased(1);
    expect(asked).toEqual(given);
    expect(await runtime.snapshot(ctx)).toEqual({ sandboxes: [], containers: [] });
    expect(workers.has('stray')).toBe(false);
  });

  it('none is ended before it is known which pods the node has', async () => {
    await left(identity('stray'), undefined);
    await view.refresh(ctx);
    workers.wake('stray');
    workers.objectsChanged('stray');
    expect(workers.has('stray')).toBe(false);
    workers.begin();
    expect(workers.has('stray')).toBe(true);
    await untilReleased(1);
    expect(runtime.running()).toEqual([]);
  });

  it('one that comes later is ended when somebody tells of it', async () => {
    workers.begin();
    await left(identity('late'), undefined);
    await view.refresh(ctx);
    workers.wake('late');
    await untilReleased(1);
    expect(await runtime.snapshot(ctx)).toEqual({ sandboxes: [], containers: [] });
  });
});

describe('a pod', () => {
  const deleted = async (): Promise<Pod> => {
    const pods = client.resource<Pod>(PODS);
    await pods.create(podOf(), {}, ctx);
    await pods.delete(key, {}, ctx);
    return pods.fetch(key, ctx);
  };

  it('is found by its name in its namespace', () => {
    workers.changed({ ...podOf(), metadata: { name: 'p', namespace: 'one', uid: 'u1' } }, undefined);
    workers.changed({ ...podOf(), metadata: { name: 'p', namespace: 'two', uid: 'u2' } }, undefined);
    const uids = ['one', 'two', 'three'].map((namespace) => workers.find(namespace, 'p')?.metadata.uid);
    expect(uids).toEqual(['u1', 'u2', undefined]);
    expect(workers.pods).toHaveLength(2);
  });

  it('that was taken away does not come back with old news, and is forgotten when the API has it no more', async () => {
    const pod = await deleted();
    const uid = pod.metadata.uid ?? '';
    workers.begin();
    workers.changed(pod, undefined);
    await untilReleased(1);
    expect(workers.has(uid)).toBe(false);
    workers.changed(pod, pod);
    expect(workers.has(uid)).toBe(false);
    workers.changed(undefined, pod);
    workers.changed(pod, undefined);
    expect(workers.has(uid)).toBe(true);
    await untilReleased(2);
  });

  it('of which something comes while it is at its last is ended once more', async () => {
    const pod = await deleted();
    const uid = pod.metadata.uid ?? '';
    await left({ uid, name: 'p', namespace: 'default' });
    const { sandboxes } = await runtime.snapshot(ctx);
    atRelease = () => {
      atRelease = () => {};
      view.putSandbox(sandboxes[0]!);
    };
    workers.begin();
    workers.changed(pod, undefined);
    await untilReleased(2);
    expect([released, workers.has(uid)]).toEqual([[uid, uid], false]);
  });
});
