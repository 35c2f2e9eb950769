import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import { Api } from '../control-plane/support/api.ts';
import { Deployed, ones } from '../control-plane/support/deployed.ts';
import { newNamespace, TwoApis } from '../control-plane/support/two-apis.ts';
import { Writing } from '../control-plane/support/writing.ts';

const KILLS = 60;
const TAKEOVERS = 6;

it(`an api on SQLite loses no acknowledged write across ${KILLS} SIGKILLs under load`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-nightly-'));
  await using api = await Api.on({ dir, store: 'sqlite', sealingKey: join(dir, 'key'), address: '127.0.0.1' });
  await api.start();
  const spaces = ['a', 'b', 'c', 'd'];
  for (const space of spaces) await newNamespace(api.client(), space);
  const options = { payload: 'x'.repeat(2_000), unanswered: 'goes on' } as const;
  const writings = spaces.map((space) => new Writing(api.client(), space, options));
  const written = (): number => writings.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  for (let kill = 0; kill < KILLS; kill++) {
    const until = written() + 1 + ((kill * 37) % 150);
    await eventually(async () => expect(written()).toBeGreaterThanOrEqual(until));
    await api.end('SIGKILL');
    await api.start();
  }
  for (const writing of writings) {
    await writing.stop();
    expect(await writing.lost(api.client())).toEqual([]);
  }
  console.log(`${KILLS} SIGKILLs, ${written()} acknowledged writes, none lost`);
  await api.end('SIGTERM');
  rmSync(dir, { recursive: true });
});

it(`two api processes on one etcd do nothing twice across ${TAKEOVERS} SIGKILLs of the leader`, async () => {
  await using two = await TwoApis.start();
  await newNamespace(two.a.client(), 'once');
  let total = 0;
  for (let round = 0; round < TAKEOVERS; round++) {
    const { leader, other } = await two.leadership('kube-controller-manager');
    await two.agentAt(other);
    using deployed = await Deployed.create(other.client(), 'once', `web${round}`, 5);
    await deployed.untilBound(5);
    await leader.end('SIGKILL');
    await deployed.scale(other.client(), 12);
    await deployed.untilBound(12);
    expect(deployed.bindings).toEqual(ones(12));
    total += 12;
    await leader.start();
  }
  console.log(`${TAKEOVERS} takeovers, ${total} pods, each made and bound once`);
});
