import type { Node } from '@kubernest/api-types/core/v1';
import { createClient } from '@kubernest/client';
import { FakeClock, turnsTaken } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { whenNodeReady } from './when-ready.ts';

const nodes = { group: '', version: 'v1', resource: 'nodes' } as const;

async function startWaiting() {
  const clock = new FakeClock(undefined, turnsTaken);
  const server = await testServer({ clock });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { ctx } = server;
  const client = createClient(server.transport());
  const said: string[] = [];
  const tell = async (name: string, status: string, more: { message?: string; at?: Date } = {}) => {
    const condition = {
      type: 'Ready',
      status,
      message: more.message,
      lastHeartbeatTime: wireTime(more.at ?? clock.now()),
    };
    const api = client.resource<Node>(nodes);
    const made = await api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } }, {}, ctx);
    await api.updateStatus({ ...made, status: { conditions: [condition] } }, {}, ctx);
  };
  const start = { begunAt: clock.now(), isOwn: (name: string) => name === 'mine' };
  const dir = new ClusterDir('mine', '/data');
  const wait = async () => {
    const state = { ended: 'not yet' };
    whenNodeReady({ dir, client, start, say: (line) => said.push(line) }, ctx).then(
      () => (state.ended = 'ready'),
      (error: Error) => (state.ended = error.message),
    );
    await turnsTaken();
    return state;
  };
  return { clock, said, tell, wait };
}

it('ends at the node of this start, and at nothing that another or an earlier one has said', async () => {
  const { clock, tell, wait } = await startWaiting();
  await tell('other', 'True');
  const waiting = await wait();
  await clock.advance(1000);
  expect(waiting.ended).toBe('not yet');
  await tell('mine', 'True');
  await clock.advance(1000);
  expect(waiting.ended).toBe('ready');
});

it('says again and again what is in the way, and at last gives up with it', async () => {
  const { clock, said, tell, wait } = await startWaiting();
  await tell('mine', 'True', { at: new Date(+clock.now() - 1000) });
  const waiting = await wait();
  await clock.advance(10_000);
  expect(said).toEqual(['the node is not Ready yet: it has not reported yet; its log is /data/run/agent.log']);
  await tell('mine-2', 'False', { message: 'a word of another' });
  await clock.advance(30_000);
  expect(said).toHaveLength(2);
  expect(new Set(said).size).toBe(1);
  await clock.advance(139_000);
  expect(waiting.ended).toBe('not yet');
  await clock.advance(1000);
  expect(waiting.ended).toBe(
    'the node did not become Ready within 3 minutes: it has not reported yet; its log is /data/run/agent.log',
  );
  const before = said.length;
  await clock.advance(600_000);
  expect(said).toHaveLength(before);
});

it('names the fault that the node tells', async () => {
  const { clock, said, tell, wait } = await startWaiting();
  await tell('mine', 'False', { message: 'iptables is not installed' });
  const waiting = await wait();
  await clock.advance(180_000);
  expect(said[0]).toContain('not Ready yet: iptables is not installed;');
  expect(waiting.ended).toContain('within 3 minutes: iptables is not installed;');
});
