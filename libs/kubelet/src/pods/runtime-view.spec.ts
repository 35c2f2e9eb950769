import { type Context, FakeClock, NoAnswerError, silentLogger } from '@kubernest/kit';
import type { PodIdentity } from '@kubernest/runtime/contract';
import { openHollowRuntime } from '@kubernest/runtime/hollow';
import { describe, expect, it } from 'vitest';
import { RuntimeView } from './runtime-view.ts';

const identity = (uid: string): PodIdentity => ({ uid, name: uid, namespace: 'default' });
const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };

/** An engine, a view of it, and what the view asks the engine. */
function viewed() {
  const runtime = openHollowRuntime({ images: ['busybox:1'] });
  const asked: string[] = [];
  const engine = {
    ...runtime,
    snapshotOf: (uid: string, c: Context) => {
      asked.push(uid);
      return runtime.snapshotOf(uid, c);
    },
  };
  const sandbox = (uid: string) =>
    runtime.runSandbox({ pod: identity(uid), attempt: 0, network: 'pod', labels: {}, annotations: {} } as never, ctx);
  const container = async (uid: string, name = 'main') => {
    const { id: sandboxId } = await sandbox(uid);
    const config = { pod: identity(uid), sandboxId, name, attempt: 0, kind: 'app', labels: {}, annotations: {} };
    const { id } = await runtime.createContainer(config as never, ctx);
    await runtime.startContainer(id, ctx);
    return { id, sandboxId };
  };
  const told: string[] = [];
  const view = new RuntimeView(engine, (uid) => told.push(uid));
  return { runtime, engine, view, asked, sandbox, container };
}
type Viewed = ReturnType<typeof viewed>;

describe('after a call for a pod', () => {
  it.each<[string, (all: Viewed) => Promise<unknown>, readonly string[]]>([
    ['that succeeded', async ({ view, sandbox }) => view.putSandbox(await sandbox('a')), []],
    ['that failed', () => Promise.reject(new Error('out of order')), ['a']],
    ['that made more than it told of', async ({ view }) => void view.heard('a', 'another'), ['a']],
    [
      'whose container could not be looked at',
      async ({ view, engine, container }) => {
        const { id } = await container('a');
        await view.refresh(ctx);
        engine.inspect = () => Promise.reject(new Error('out of order'));
        await view.refreshContainer(id, ctx).catch(() => {});
      },
      ['a'],
    ],
  ])('%s it is looked up, once, what came of it if that is in doubt', async (_, call, looks) => {
    const all = viewed();
    await all.view.act({ podUid: 'a' }, () => call(all), ctx).catch(() => {});
    for (const uid of ['a', 'a', 'b']) await all.view.confirm(uid, ctx);
    expect(all.asked).toEqual(looks);
  });

  it('is in doubt until the look succeeds', async () => {
    const { view, engine, asked, sandbox } = viewed();
    const made = await sandbox('a');
    await view.act({ podUid: 'a' }, () => Promise.reject(new Error('answer lost')), ctx).catch(() => {});
    const { snapshotOf } = engine;
    engine.snapshotOf = () => Promise.reject(new Error('away'));
    await expect(view.confirm('a', ctx)).rejects.toThrow('away');
    engine.snapshotOf = snapshotOf;
    await view.confirm('a', ctx);
    expect(view.pod('a').sandboxes).toEqual([made]);
    expect(asked).toEqual(['a']);
  });

  it.each([
    [undefined, 120_000],
    [600_000, 720_000],
  ])('that takes longer than usual by %s ms, at most, it is waited for so long', async (longer, limit) => {
    const { view, asked } = viewed();
    const answer = view.act({ podUid: 'a', longer }, () => new Promise<never>(() => {}), ctx);
    const failed = expect(answer).rejects.toThrow(NoAnswerError);
    const began = +clock.now();
    await clock.passUntil(failed);
    expect(+clock.now() - began).toBe(limit);
    await view.confirm('a', ctx);
    expect(asked).toEqual(['a']);
  });
});

describe('what the runtime holds', () => {
  it('of one pod is looked at without a word about others', async () => {
    const { view, runtime, container, sandbox } = viewed();
    const [a, b] = [await container('a'), await container('b')];
    await view.refresh(ctx);
    runtime.end(a.id, 3);
    runtime.end(b.id, 3);
    await sandbox('c');
    await view.look('a', ctx);
    expect([view.container(a.id)?.state, view.container(b.id)?.state]).toEqual(['exited', 'running']);
    expect([...view.uids()].sort()).toEqual(['a', 'b']);
  });

  it('is told anew, with the pods of which something came, went or turned', async () => {
    const { view, runtime, container, sandbox } = viewed();
    const [turns, goes] = [await container('turns'), await container('goes')];
    await container('stays');
    expect([...(await view.refresh(ctx))].sort()).toEqual(['goes', 'stays', 'turns']);
    runtime.end(turns.id, 0);
    runtime.end(goes.id, 0);
    await runtime.removeContainer(goes.id, ctx);
    await sandbox('comes');
    expect([...(await view.refresh(ctx))].sort()).toEqual(['comes', 'goes', 'turns']);
    expect([...(await view.refresh(ctx))]).toEqual([]);
  });

  it('is not overwritten by an answer that is older than what the agent did itself', async () => {
    const { view, engine, runtime, sandbox } = viewed();
    const [stops, goes] = [await sandbox('a'), await sandbox('a')];
    await view.refresh(ctx);
    const { promise, resolve } = Promise.withResolvers<void>();
    engine.snapshot = async (c) => {
      const before = await runtime.snapshot(c);
      await promise;
      return before;
    };
    const old = view.refresh(ctx);
    view.sandboxStopped(stops.id);
    view.dropSandbox(goes.id);
    resolve();
    expect([...(await old)]).toEqual([]);
    expect(view.sandbox(stops.id)).toMatchObject({ running: false, netns: undefined });
    expect(view.sandbox(goes.id)).toBeUndefined();
    expect([...view.liveSandboxes()]).toEqual([]);
  });

  it('of one container is told to who waits for it, until he waits no more', async () => {
    const { view, container } = viewed();
    const { id } = await container('a');
    const heard: string[] = [];
    const over = view.onContainerChange(id, () => heard.push(view.container(id)?.state ?? 'none'));
    await view.refresh(ctx);
    await view.refreshContainer(id, ctx);
    view.dropContainer(id);
    over();
    await view.refresh(ctx);
    expect(heard).toEqual(['running', 'running', 'none']);
  });
});

it('that the runtime is away is told when it turns, and known when it was asked once', async () => {
  const told: unknown[] = [];
  const view = new RuntimeView(
    openHollowRuntime(),
    () => {},
    (...news) => told.push(news),
  );
  view.setAvailable(false, 'away');
  await view.firstLook;
  view.setAvailable(true);
  view.setAvailable(true);
  view.setAvailable(false, 'gone');
  expect(told).toEqual([
    [true, undefined],
    [false, 'gone'],
  ]);
});
