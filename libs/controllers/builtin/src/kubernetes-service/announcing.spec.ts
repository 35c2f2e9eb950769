import { createClient } from '@kubernest/client';
import type { Lease } from '@kubernest/kinds';
import { childContext, FakeClock, turnsTaken } from '@kubernest/kit';
import { Traffic, testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import { refs } from '../shared/refs.ts';
import { kubernetesServiceReconciler } from './kubernetes-service.ts';

const SERVED = 'kubernest.io/custom-resources-served';

async function server() {
  const clock = new FakeClock(undefined, turnsTaken);
  const api = await testServer({ clock });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const { ctx, controller: life } = childContext(api.ctx);
  const traffic = new Traffic();
  const gate = { open: Promise.resolve(), inFlight: 0, most: 0 };
  traffic.gate = async (call) => {
    if (call.method === 'GET' || !call.path.includes('leases')) return;
    gate.most = Math.max(gate.most, ++gate.inFlight);
    await gate.open;
    gate.inFlight--;
  };
  const leases = createClient(api.transport()).resource<Lease>(refs.leases);
  const keeper = () =>
    kubernetesServiceReconciler({
      client: createClient(traffic.before(api.transport())),
      address: '192.0.2.1',
      port: 6443,
      serviceIP: '10.96.0.1',
    });
  const lease = async () => (await leases.list({}, api.ctx)).items[0];
  const served = async () => (await lease())?.metadata.annotations?.[SERVED];
  const writes = () => traffic.writes.filter(({ resource }) => resource === 'leases').length;
  return { traffic, leases, clock, ctx, life, gate, keeper, lease, served, writes };
}

it('what is announced before the server is registered stands in its Lease from the beginning', async () => {
  const { ctx, keeper, served } = await server();
  const kept = keeper();
  kept.announce('7');
  kept.announce('9');
  await kept.start(ctx);
  expect(await served()).toBe('9');
});

it('what is announced later is told at once and stays when the Lease is renewed, whoever takes it away', async () => {
  const { leases, clock, ctx, keeper, lease, served } = await server();
  const kept = keeper();
  await kept.start(ctx);
  expect(await served()).toBeUndefined();
  kept.announce('12');
  await turnsTaken();
  expect(await served()).toBe('12');
  const before = (await lease())!.spec!.renewTime;
  await clock.advance(10_000);
  expect([await served(), (await lease())!.spec!.renewTime === before]).toEqual(['12', false]);
  const key = { namespace: 'kube-system', name: (await lease())!.metadata.name! };
  const body = { metadata: { annotations: null } };
  await leases.patch(key, { type: 'merge', body }, {}, ctx);
  await clock.advance(10_000);
  expect(await served()).toBe('12');
});

it('what comes while a write is on its way is told together in the next: there is one at a time', async () => {
  const { clock, ctx, gate, keeper, served, writes } = await server();
  const kept = keeper();
  await kept.start(ctx);
  const written = writes();
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.open = promise;
  for (const version of ['20', '21', '22']) {
    kept.announce(version);
    await turnsTaken();
  }
  await clock.advance(10_000);
  expect([gate.inFlight, writes()]).toEqual([1, written + 1]);
  resolve();
  await turnsTaken();
  expect(await served()).toBe('22');
  expect(gate.most).toBe(1);
  expect(writes() - written).toBeLessThanOrEqual(3);
});

it('one that starts where another was takes back what that one announced', async () => {
  const first = await server();
  const kept = first.keeper();
  kept.announce('30');
  await kept.start(first.ctx);
  expect(await first.served()).toBe('30');
  await first.keeper().start(first.ctx);
  expect(await first.served()).toBeUndefined();
});

it('a refused write is tried again, and nothing is written after the Lease was given back', async () => {
  const { traffic, clock, ctx, life, keeper, lease, served, writes } = await server();
  const kept = keeper();
  const { done } = await kept.start(ctx);
  traffic.beforeWrite = () => {
    throw new Error('away');
  };
  kept.announce('40');
  await turnsTaken();
  expect(await served()).toBeUndefined();
  traffic.beforeWrite = () => {};
  await clock.advance(1_000);
  expect(await served()).toBe('40');
  life.abort();
  await done;
  const written = writes();
  kept.announce('41');
  await turnsTaken();
  expect([await lease(), writes()]).toEqual([undefined, written]);
});
