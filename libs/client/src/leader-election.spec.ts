import { type Context, FakeClock, silentLogger, turnsTaken } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { Traffic, testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from './create-client.ts';
import { leaderElection } from './leader-election.ts';

const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
type Lease = KubeObject & { readonly spec: Record<string, unknown> };

async function world() {
  const clock = new FakeClock(undefined, turnsTaken);
  const server = await testServer({ clock });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const api = createClient(server.transport());
  const lease = { namespace: 'kube-system', name: 'controllers' };
  const leading = new Set<string>();
  const fences: number[] = [];
  const join = async (identity: string, client = api) => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
    const { done } = await leaderElection({ client, lease, identity }, async (fence, term) => {
      leading.add(identity);
      fences.push(fence.transitions);
      await new Promise<void>((resolve) => term.signal.addEventListener('abort', () => resolve(), { once: true }));
      leading.delete(identity);
    }).start(ctx);
    await turnsTaken();
    return { controller, done };
  };
  const pass = (seconds: number) => clock.advance(seconds * 1_000);
  const spec = async () => (await api.resource<Lease>(leases).fetch(lease, server.ctx)).spec;
  return { server, clock, join, leading, fences, pass, spec };
}

describe('a leader election', () => {
  it('leads at once where nobody holds the lease, and one at a time', async () => {
    const { join, leading, pass } = await world();
    await join('a');
    expect([...leading]).toEqual(['a']);
    await join('b');
    await pass(60);
    expect([...leading]).toEqual(['a']);
  });

  it('hands over at once on stop, under a higher transition count', async () => {
    const { join, leading, fences, pass, spec } = await world();
    const a = await join('a');
    a.controller.abort();
    await a.done;
    expect(await spec()).toMatchObject({ holderIdentity: '', leaseTransitions: 0 });
    await join('a');
    expect([...leading]).toEqual(['a']);
    expect(fences).toEqual([0, 1]);
    await pass(5);
    expect(await spec()).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
  });

  it('takes over from a holder that is gone once its lease has run out', async () => {
    const { server, join, leading, pass, fences } = await world();
    const traffic = new Traffic();
    await join('a', createClient(traffic.before(server.transport())));
    await join('b');
    traffic.gate = () => Promise.reject(new Error('no route'));
    await pass(9);
    expect([...leading]).toEqual(['a']);
    await pass(5);
    expect([...leading]).toEqual([]);
    await pass(6);
    expect([...leading]).toEqual(['b']);
    expect(fences).toEqual([0, 1]);
  });

  it('takes an expired lease at once after its own kill', async () => {
    const { server, join, leading, fences } = await world();
    const spec = {
      holderIdentity: 'killed',
      leaseDurationSeconds: 15,
      renewTime: '2025-12-31T23:59:00.000000Z',
      leaseTransitions: 7,
    };
    await createClient(server.transport())
      .resource(leases)
      .create({ metadata: { namespace: 'kube-system', name: 'controllers' }, spec } as KubeObject, {}, server.ctx);
    await join('a');
    expect([...leading]).toEqual(['a']);
    expect(fences).toEqual([8]);
  });
});
