import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, run, TestCluster } from '../cluster/test-cluster.ts';

const ROUNDS = 25;
const PODS = 12;

it(`${ROUNDS} times ${PODS} pods come and go, and the machine is as before`, async () => {
  await using cluster = await TestCluster.start('e2e-churn');
  await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
  await cluster.kubectl('create', 'deployment', 'wave', '--image=idle:1', '--replicas=0');
  await cluster.kubectl('expose', 'deployment', 'wave', '--port=80');
  const wave = async (): Promise<void> => {
    await cluster.kubectl('scale', 'deployment/wave', `--replicas=${PODS}`);
    await cluster.kubectl('rollout', 'status', 'deployment/wave', '--timeout=120s');
    await cluster.kubectl('scale', 'deployment/wave', '--replicas=0');
    await cluster.kubectl('delete', 'pods', '--all', '--now');
    await eventually(async () => expect(await leftOver(cluster)).toEqual(nothing), 60_000);
  };
  // What grows only once (caches, code that gets compiled) has grown by then.
  for (let round = 0; round < 5; round++) await wave();
  const before = memory(cluster);
  for (let round = 5; round < ROUNDS; round++) await wave();
  const after = memory(cluster);
  console.log(
    `${ROUNDS * PODS} pods; MB of api ${before.api} → ${after.api}, of agent ${before.agent} → ${after.agent}`,
  );
  expect(after.api).toBeLessThan(before.api * 1.5 + 50);
  expect(after.agent).toBeLessThan(before.agent * 1.5 + 50);
});

const nothing = { containers: 0, links: 0, cgroups: 0, logs: 0 };

async function leftOver(cluster: TestCluster): Promise<typeof nothing> {
  const { index } = JSON.parse(readFileSync(join(cluster.dataDir, 'cluster.json'), 'utf8')) as { index: number };
  const links = (await run('ip', ['-o', 'link', 'show', 'master', `kn-br${index}`])).stdout.trim();
  return {
    containers: (await cluster.docker().listContainers({ all: true })).length,
    links: links === '' ? 0 : links.split('\n').length,
    cgroups: globSync('/sys/fs/cgroup/{,*/}kubepods_e2e-churn/**/*pod*').length,
    logs: globSync(`${cluster.dataDir}/log/pods/*`).length,
  };
}

function memory(cluster: TestCluster): { readonly api: number; readonly agent: number } {
  const of = (name: string): number => {
    const status = readFileSync(`/proc/${cluster.pid(name)}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
  };
  return { api: of('api'), agent: of('agent') };
}
