import { childContext, FakeClock, silentLogger, turnsTaken } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { startApi } from '../testing/api.ts';
import { NodeKeeper } from './node-keeper.ts';
import type { NodeFacts } from './node-object.ts';

const machine: NodeFacts['machine'] = {
  ...{ architecture: 'amd64', machineID: 'm', systemUUID: 's', bootID: 'b', runtime: undefined, images: [] },
  ...{ cpus: 1, memoryBytes: 1e9, memoryAvailableBytes: 1e9, diskBytes: 1e9, diskAvailableBytes: 1e9 },
  ...{ pidsMax: 1000, pids: 1 },
};

it('tries again ten seconds after a report that failed, and rests for five minutes after one that did not', async () => {
  const clock = new FakeClock(undefined, turnsTaken);
  const { ctx, controller } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  let reports = 0;
  let registered = false;
  const keeper = new NodeKeeper(await startApi(ctx), 'n', async () => {
    if (registered) reports++;
    if (reports === 1) throw new Error('out of order');
    const node = { name: 'n', ips: ['192.0.2.1'], port: 1, maxPods: 1, problems: [], version: 'v1.36.0' };
    return { ...node, machine, now: clock.now() };
  });
  await keeper.register(ctx);
  registered = true;
  const running = keeper.run(ctx);
  const after = async (seconds: number) => {
    await clock.advance(seconds * 1000);
    return reports;
  };
  expect(await after(0)).toBe(1);
  expect([await after(9), await after(1), await after(299), await after(1)]).toEqual([1, 2, 2, 3]);
  controller.abort(new DOMException('stopped', 'AbortError'));
  await running;
});

it('reports once for itself, though another of before has said the same shortly', async () => {
  const clock = new FakeClock(undefined, turnsTaken);
  const { ctx, controller } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  const client = await startApi(ctx);
  const heartbeat = async (keeper: NodeKeeper) => {
    const { ctx: living, controller: life } = childContext(ctx);
    await keeper.register(living);
    const running = keeper.run(living);
    await clock.advance(1000);
    life.abort(new DOMException('stopped', 'AbortError'));
    await running;
    return keeper.node?.status?.conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime;
  };
  const keeperOf = () =>
    new NodeKeeper(client, 'n', async () => ({
      ...{ name: 'n', ips: ['192.0.2.1'], port: 1, maxPods: 1, problems: [], version: 'v1.36.0' },
      ...{ machine, now: clock.now() },
    }));
  expect([await heartbeat(keeperOf()), await heartbeat(keeperOf())]).toEqual([
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:01Z',
  ]);
  controller.abort(new DOMException('stopped', 'AbortError'));
});
