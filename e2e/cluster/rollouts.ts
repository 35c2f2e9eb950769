import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually, run, TestCluster } from './test-cluster.ts';
import { factsOf } from './traces.ts';

const REPLICAS = 3;
/** What a step waits at most before the next one comes: the deletions meet the starts at every stage of theirs. */
const PACE = 400;

/** Steps of a roll-out that follow each other before the pods of the one before are there. Nothing may be left of any but the last ones. */
export async function quickRollouts(count: number): Promise<void> {
  await using cluster = await TestCluster.start(`e2e-rollouts-${count}`);
  await cluster.image('idle:1', { command: ['/bin/sh', '-c', 'trap exit TERM; while :; do sleep 0.1; done'] });
  await cluster.kubectl('create', 'deployment', 'wave', '--image=idle:1', `--replicas=${REPLICAS}`);
  for (let step = 1; step <= count; step++) {
    const template = { metadata: { annotations: { step: String(step) } } };
    const patch = JSON.stringify({ spec: { template } });
    await cluster.kubectl('patch', 'deployment', 'wave', '--type=merge', `--patch=${patch}`);
    await sleep((step * 97) % PACE);
  }
  await cluster.kubectl('rollout', 'status', 'deployment/wave', '--timeout=120s');
  await eventually(async () => {
    const uids = await podUids(cluster);
    expect(uids).toHaveLength(REPLICAS);
    expect(await held(cluster)).toEqual({
      containers: [...uids, ...uids].sort(),
      links: REPLICAS,
      leases: REPLICAS,
      mounts: uids,
      folders: uids,
      cgroups: uids,
      logs: uids,
    });
  }, 60_000);
}

async function podUids(cluster: TestCluster): Promise<readonly string[]> {
  const listed = await cluster.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}');
  return listed.split(' ').sort();
}

/** By the pods' uids, what the machine has of them. */
async function held(cluster: TestCluster) {
  const { dataDir, name } = cluster;
  const uidIn = (texts: readonly string[]): readonly string[] =>
    [...new Set(texts.flatMap((text) => /[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}/.exec(text) ?? []))]
      .map((uid) => uid.replaceAll('_', '-'))
      .sort();
  const below = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir) : []);
  const { index } = factsOf(dataDir);
  const links = (await run('ip', ['-o', 'link', 'show', 'master', `kn-br${index}`])).stdout.trim().split('\n');
  const containers = await cluster.docker().listContainers({ all: true });
  return {
    containers: containers.map((each) => each.Labels['io.kubernetes.pod.uid'] ?? each.Id).sort(),
    links: links.filter((line) => line !== '').length,
    leases: globSync(`${dataDir}/**/leases/*/[0-9]*`).length,
    mounts: uidIn(
      readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .filter((line) => line.includes(`${dataDir}/`) && line.includes('/volumes/')),
    ),
    folders: uidIn(globSync(`${dataDir}/**/pods/*-*-*-*-*`).filter((path) => !path.includes('_'))),
    cgroups: uidIn(globSync(`/sys/fs/cgroup/{,*/}kubepods_${name}{,.slice}/**/*pod*`)),
    logs: uidIn(below(join(dataDir, 'log/pods'))),
  };
}
