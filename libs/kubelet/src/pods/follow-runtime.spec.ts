import { FakeClock, silentLogger } from '@kubernest/kit';
import type { PodIdentity, RuntimeEvent } from '@kubernest/runtime/contract';
import { openHollowRuntime } from '@kubernest/runtime/hollow';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followRuntime } from './follow-runtime.ts';
import { RuntimeView } from './runtime-view.ts';

const pod = (uid: string): PodIdentity => ({ uid, name: uid, namespace: 'default' });

/** An engine, and a view that follows it. Each pod that is told of is noted, and can be waited for. */
function followed() {
  const runtime = openHollowRuntime({ images: ['busybox:1'] });
  const clock = new FakeClock();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const warned: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warned.push(message) };
  const ctx = { signal: stop.signal, clock, log };
  const told: string[] = [];
  let news = (): void => {};
  const tell = (what: string): void => {
    told.push(what);
    news();
  };
  const away = { now: false, break: (): void => {} };
  const engine = {
    ...runtime,
    snapshot: (c: typeof ctx) => (away.now ? Promise.reject(new Error('no engine')) : runtime.snapshot(c)),
    events(onEvent: (event: RuntimeEvent) => void, c: typeof ctx) {
      const broken = new Promise<void>((_, reject) => (away.break = () => reject(new Error('connection lost'))));
      return Promise.race([runtime.events(onEvent, c), broken]);
    },
  };
  const view = new RuntimeView(engine, tell, (available) => tell(available ? 'here' : 'away'));
  const synced = Promise.withResolvers<void>();
  const follow = () => followRuntime(view, ctx, synced.resolve);
  /** Waits for the news of this, which come after those that are waited for already. */
  let read = 0;
  const until = async (what: string): Promise<void> => {
    for (;;) {
      const at = told.indexOf(what, read);
      if (at >= 0) {
        read = at + 1;
        return;
      }
      await new Promise<void>((resolve) => (news = resolve));
    }
  };
  const sandbox = (uid: string) =>
    runtime.runSandbox({ pod: pod(uid), attempt: 0, network: 'pod', labels: {}, annotations: {} } as never, ctx);
  const container = async (uid: string) => {
    const { id: sandboxId } = await sandbox(uid);
    const config = { pod: pod(uid), sandboxId, name: 'main', attempt: 0, kind: 'app', labels: {}, annotations: {} };
    const { id } = await runtime.createContainer(config as never, ctx);
    await runtime.startContainer(id, ctx);
    return id;
  };
  return { runtime, engine, view, clock, ctx, stop, away, told, warned, synced, follow, until, sandbox, container };
}

describe('the view of what the engine holds', () => {
  it('begins with what is there, and says of each pod that it may have changed', async () => {
    const { view, follow, synced, sandbox, told } = followed();
    await sandbox('a');
    await sandbox('b');
    void follow();
    await synced.promise;
    expect(view.available).toBe(true);
    expect([...view.uids()].sort()).toEqual(['a', 'b']);
    expect(told).toEqual(['here', 'a', 'b']);
  });

  it('follows a container to its end, and looks at that one only', async () => {
    const { runtime, engine, view, follow, synced, container, until } = followed();
    const id = await container('a');
    let snapshots = 0;
    const { snapshot } = engine;
    engine.snapshot = (c) => {
      snapshots++;
      return snapshot(c);
    };
    void follow();
    await synced.promise;
    await until('a');
    runtime.end(id, 3);
    await until('a');
    expect(view.container(id)).toMatchObject({ state: 'exited', exitCode: 3 });
    expect(snapshots).toBe(1);
  });

  it.each([
    ['stopped', 'stopSandbox', { running: false, netns: undefined }],
    ['removed', 'removeSandbox', undefined],
  ] as const)('knows at once of a sandbox that was %s', async (_, verb, left) => {
    const { runtime, view, ctx, follow, synced, sandbox, until } = followed();
    const { id } = await sandbox('a');
    void follow();
    await synced.promise;
    await until('a');
    await runtime[verb](id, ctx);
    await until('a');
    if (left) expect(view.sandbox(id)).toMatchObject(left);
    else expect(view.sandbox(id)).toBeUndefined();
  });

  it('forgets a container that was removed', async () => {
    const { runtime, view, ctx, follow, synced, container, until } = followed();
    const id = await container('a');
    void follow();
    await synced.promise;
    await until('a');
    runtime.end(id, 0);
    await until('a');
    await runtime.removeContainer(id, ctx);
    await until('a');
    expect(view.container(id)).toBeUndefined();
  });

  it('finds what is made of a pod by a call whose answer nobody got', async () => {
    const { view, follow, synced, sandbox, until } = followed();
    void follow();
    await synced.promise;
    const { id } = await sandbox('stray');
    await until('stray');
    expect(view.sandbox(id)).toMatchObject({ running: true });
  });

  it('leaves what a call under way makes to that call', async () => {
    const { view, ctx, follow, synced, sandbox, until, told } = followed();
    void follow();
    await synced.promise;
    const made = await view.act(
      { podUid: 'a' },
      async () => {
        const state = await sandbox('a');
        view.putSandbox(state);
        return state;
      },
      ctx,
    );
    await sandbox('b');
    await until('b');
    expect(told).not.toContain('a');
    expect(view.sandbox(made.id)).toMatchObject({ running: true });
  });
});

describe('while the engine is away', () => {
  it('the view stays, says so once, and is read anew when the engine is back', async () => {
    const { view, clock, away, follow, synced, sandbox, until, warned } = followed();
    const before = await sandbox('a');
    void follow();
    await synced.promise;
    away.now = true;
    away.break();
    await until('away');
    expect(view.sandbox(before.id)).toMatchObject({ running: true });
    await clock.advance(10_000);
    expect(warned).toEqual(['the container runtime is away; waiting for it']);
    const meanwhile = await sandbox('b');
    away.now = false;
    await clock.passUntil(until('here'));
    expect(view.sandbox(meanwhile.id)).toMatchObject({ running: true });
    // What was asked for it while the engine was away came to nothing.
    await until('a');
  });

  it('an end ends the wait', async () => {
    const { view, away, follow, stop } = followed();
    away.now = true;
    const done = follow();
    await view.firstLook;
    expect(view.available).toBe(false);
    stop.abort();
    await done;
  });
});
