import { createClient, type Transport } from '@kubernest/client';
import { MemoryApi } from '@kubernest/client/testing';
import type { Lease } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger, turnsTaken } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { kubernetesServiceReconciler } from './kubernetes-service.ts';

const SERVED = 'kubernest.io/custom-resources-served';

function server() {
  const clock = new FakeClock(undefined, turnsTaken);
  const api = new MemoryApi(undefined, () => clock.now());
  const life = new AbortController();
  const ctx: Context = { signal: life.signal, clock, log: silentLogger };
  const gate = { open: Promise.resolve(), inFlight: 0, most: 0 };
  const transport: Transport = {
    watch: (call, onEvent, ctx) => api.watch(call, onEvent, ctx),
    async call(call, ctx) {
      if (call.method === 'GET' || !call.path.includes('leases')) return api.call(call, ctx);
      gate.most = Math.max(gate.most, ++gate.inFlight);
      await gate.open;
      return api.call(call, ctx).finally(() => gate.inFlight--);
    },
  };
  const keeper = () =>
    kubernetesServiceReconciler({
      client: createClient(transport),
      address: '192.0.2.1',
      port: 6443,
      serviceIP: '10.96.0.1',
    });
  const lease = () => api.all<Lease>('leases')[0];
  const served = () => lease()?.metadata.annotations?.[SERVED];
  const writes = () => api.writes.filter(({ resource }) => resource === 'leases').length;
  return { api, clock, ctx, life, gate, keeper, lease, served, writes };
}

it('what is announced before the server is registered stands in its Lease from the beginning', async () => {
  const { ctx, keeper, served } = server();
  const kept = keeper();
  kept.announce('7');
  kept.announce('9');
  await kept.start(ctx);
  expect(served()).toBe('9');
});

it('what is announced later is told at once and stays when the Lease is renewed, whoever takes it away', async () => {
  const { api, clock, ctx, keeper, lease, served } = server();
  const kept = keeper();
  await kept.start(ctx);
  expect(served()).toBeUndefined();
  kept.announce('12');
  await turnsTaken();
  expect(served()).toBe('12');
  const before = lease()!.spec!.renewTime;
  await clock.advance(10_000);
  expect([served(), lease()!.spec!.renewTime === before]).toEqual(['12', false]);
  const key = { namespace: 'kube-system', name: lease()!.metadata.name! };
  const body = { metadata: { annotations: null } };
  await createClient(api)
    .resource({ group: 'coordination.k8s.io', version: 'v1', resource: 'leases' })
    .patch(key, { type: 'merge', body }, {}, ctx);
  await clock.advance(10_000);
  expect(served()).toBe('12');
});

it('what comes while a write is on its way is told together in the next: there is one at a time', async () => {
  const { clock, ctx, gate, keeper, served, writes } = server();
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
  expect([gate.inFlight, writes()]).toEqual([1, written]);
  resolve();
  await turnsTaken();
  expect(served()).toBe('22');
  expect(gate.most).toBe(1);
  expect(writes() - written).toBeLessThanOrEqual(3);
});

it('one that starts where another was takes back what that one announced', async () => {
  const first = server();
  const kept = first.keeper();
  kept.announce('30');
  await kept.start(first.ctx);
  expect(first.served()).toBe('30');
  await first.keeper().start(first.ctx);
  expect(first.served()).toBeUndefined();
});

it('a refused write is tried again, and nothing is written after the Lease was given back', async () => {
  const { api, clock, ctx, life, keeper, lease, served, writes } = server();
  const kept = keeper();
  const { done } = await kept.start(ctx);
  api.beforeWrite = () => {
    throw new Error('away');
  };
  kept.announce('40');
  await turnsTaken();
  expect(served()).toBeUndefined();
  api.beforeWrite = () => {};
  await clock.advance(1_000);
  expect(served()).toBe('40');
  life.abort();
  await done;
  const written = writes();
  kept.announce('41');
  await turnsTaken();
  expect([lease(), writes()]).toEqual([undefined, written]);
});
