import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOwnName } from '../../apps/cli/src/cluster/own-names.ts';
import { eventually, run, TestCluster } from './test-cluster.ts';

/** What a cluster might leave on the machine. */
async function footprint(): Promise<Record<'cgroups' | 'links' | 'chains' | 'mounts', string[]>> {
  const lines = async (command: string, ...args: string[]): Promise<string[]> =>
    (await run(command, args)).stdout.split('\n');
  const chains = [...(await lines('iptables-save', '-t', 'nat')), ...(await lines('iptables-save', '-t', 'filter'))];
  return {
    cgroups: globSync('/sys/fs/cgroup/{,*/}kubepods_e2e-life'),
    links: (await lines('ip', '-o', 'link')).map((line) => line.split(':')[1]?.trim().split('@')[0] ?? '').sort(),
    chains: chains
      .filter((line) => line.startsWith(':'))
      .map((line) => line.split(' ')[0]!)
      .sort(),
    mounts: readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .sort(),
  };
}

describe('the life of a cluster', () => {
  let cluster: TestCluster;
  let before: Awaited<ReturnType<typeof footprint>>;
  beforeAll(async () => {
    before = await footprint();
    cluster = await TestCluster.start('e2e-life');
    await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
    await cluster.kubectl('create', 'deployment', 'idle', '--image=idle:1', '--replicas=2');
    await cluster.kubectl('rollout', 'status', 'deployment/idle', '--timeout=40s');
    expect((await footprint()).cgroups).not.toEqual([]);
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  const containerIds = async (): Promise<string> =>
    cluster.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].containerID}');
  const restarts = async (): Promise<string> =>
    cluster.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount}');

  it('makes its context the current one', async () => {
    expect((await cluster.kubectl('config', 'current-context')).trim()).toBe('kubernest-e2e-life');
  });

  it('puts nothing into its data directory but what a purge knows as its own', () => {
    expect(readdirSync(cluster.dataDir).filter((name) => !isOwnName(name))).toEqual([]);
  });

  it('writes no link that opens its dashboard into its log', () => {
    const log = readFileSync(join(cluster.dataDir, 'run', 'up.log'), 'utf8');
    expect(log).toContain('node Ready');
    expect(log).not.toContain('link=');
  });

  it('refuses to start twice', async () => {
    const second = await cluster.kubernest('up', '--detach', '--no-install');
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain('already running');
  });

  it('leaves containers alone when the agent is killed and comes back', async () => {
    const ids = await containerIds();
    await cluster.kill('agent');
    await cluster.kubectl('run', 'after', '--image=idle:1');
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/after', '--timeout=40s');
    await cluster.kubectl('delete', 'pod', 'after', '--grace-period=0', '--force');
    expect(await containerIds()).toBe(ids);
    expect(await restarts()).toBe('0 0');
  });

  it('loses nothing when the API is killed while it is written to', async () => {
    const written: string[] = [];
    let stop = false;
    const writing = (async () => {
      for (let i = 0; !stop; i++) {
        const ran = await cluster.tryKubectl(['create', 'configmap', `w${i}`, '--from-literal=a=b']);
        if (ran.code === 0) written.push(`configmap/w${i}`);
      }
    })();
    await eventually(async () => expect(written.length).toBeGreaterThan(2));
    await cluster.kill('api');
    const known = written.length;
    await eventually(async () => expect(written.length).toBeGreaterThan(known + 2));
    stop = true;
    await writing;
    const kept = (await cluster.kubectl('get', 'configmaps', '-o', 'name')).split('\n');
    expect(written.filter((name) => !kept.includes(name))).toEqual([]);
  });

  it('finds its pods again when its engine is killed', async () => {
    await cluster.kill('engine');
    await cluster.kubectl('run', 'later', '--image=idle:1');
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/later', '--timeout=60s');
    await cluster.kubectl('wait', '--for=condition=Available', 'deployment/idle', '--timeout=60s');
    await cluster.kubectl('delete', 'pod', 'later', '--grace-period=0', '--force');
  });

  it('leaves nothing behind when it is stopped, and comes back with everything', async () => {
    expect((await cluster.kubernest('down')).code).toBe(0);
    expect(await footprint()).toEqual(before);
    await cluster.up();
    await cluster.kubectl('rollout', 'status', 'deployment/idle', '--timeout=60s');
    await eventually(async () =>
      expect(await cluster.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].ready}')).toBe(
        'true true',
      ),
    );
  });

  it('is taken over after up itself was killed', async () => {
    process.kill(cluster.pid('up'), 'SIGKILL');
    await cluster.up();
    await cluster.kubectl('wait', '--for=condition=Available', 'deployment/idle', '--timeout=60s');
    expect((await cluster.kubernest('down')).code).toBe(0);
    expect(await footprint()).toEqual(before);
  });

  it('comes back, and leaves nothing behind, after all but the API server was killed at once', async () => {
    const killAll = (): void => {
      for (const name of ['up', 'engine', 'agent']) process.kill(cluster.pid(name), 'SIGKILL');
    };
    await cluster.up();
    killAll();
    await cluster.up();
    await cluster.kubectl('wait', '--for=condition=Available', 'deployment/idle', '--timeout=60s');
    killAll();
    expect((await cluster.kubernest('down')).code).toBe(0);
    expect(await footprint()).toEqual(before);
  });

  it('says what of its engine does not answer, until that is back', async () => {
    await cluster.up();
    const status = async (): Promise<string> => (await cluster.kubernest('status')).stdout;
    process.kill(
      Number(readFileSync(join(cluster.dataDir, 'docker/exec/containerd/containerd.pid'), 'utf8')),
      'SIGKILL',
    );
    await eventually(async () => expect(await status()).toMatch(/^unwell {2}containerd, .* does not answer/m));
    await eventually(async () => expect(await status()).not.toContain('containerd'), 60_000);
    expect((await cluster.kubernest('down')).code).toBe(0);
    expect(await footprint()).toEqual(before);
  }, 120_000);

  it('is gone, context included, after a purge', async () => {
    expect((await cluster.kubernest('down', '--purge')).code).toBe(0);
    expect((await cluster.tryKubectl(['config', 'get-contexts', '-o', 'name'])).stdout).toBe('');
    expect(existsSync(cluster.dataDir)).toBe(false);
    expect((await cluster.kubernest('status')).stderr).toContain('there is no cluster "e2e-life"');
  });
});
