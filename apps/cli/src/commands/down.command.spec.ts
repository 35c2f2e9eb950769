import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig, renderKubeconfig } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { formerCluster, knownClusters, rememberCluster } from '../cluster/known-clusters.ts';
import { addContext } from '../cluster/user-kubeconfig.ts';
import { down } from './down.command.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
let machine: string;
let said: string[];
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-down-'));
  said = [];
  // Whoever runs this, no cluster of theirs is looked at.
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  vi.stubEnv('HOME', machine);
  vi.stubEnv('KUBECONFIG', join(machine, 'config'));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(machine, { recursive: true });
  });
});

const run = (options: { name: string; dataDir: string; purge?: boolean }) =>
  down.run({ options, args: [], isGiven: () => true }, ctx);

it('a cluster that is missed is forgotten by its name alone, and only when it is purged', async () => {
  const dataDir = join(machine, 'disk', 'data');
  rememberCluster(new ClusterDir('lab', dataDir));
  await run({ name: 'lab', dataDir });
  expect(said.at(-1)).toContain(`${dataDir} held a cluster and is gone`);
  await expect(run({ name: 'default', dataDir, purge: true })).rejects.toThrow('belongs to the cluster "lab"');
  expect(formerCluster(dataDir)).toEqual({ name: 'lab', path: dataDir });

  await run({ name: 'lab', dataDir, purge: true });
  expect(said.at(-1)).toBe(`cluster "lab" is forgotten: it was in ${dataDir}`);
  expect([formerCluster(dataDir), knownClusters()]).toEqual([undefined, []]);
  await run({ name: 'lab', dataDir, purge: true });
  expect(said.at(-1)).toMatch(/^there is no cluster "lab" in /);
});

it('a kubeconfig that cannot be read is no matter of a cluster that never was, and a former one may be in it', async () => {
  writeFileSync(join(machine, 'config'), 'clusters: [unclosed\n');
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  await run({ name: 'lab', dataDir: join(machine, 'data'), purge: true });
  expect(said.at(-1)).toMatch(/^there is no cluster "lab" in /);
  expect(told.mock.calls).toEqual([]);

  rememberCluster(new ClusterDir('lab', join(machine, 'disk', 'data')));
  await run({ name: 'lab', dataDir: join(machine, 'disk', 'data'), purge: true });
  expect(told.mock.calls.flat().join()).toContain('your kubeconfig may still have its context');
});

describe('under a running cluster', () => {
  /** One that is up as far as its records, its claim and the kubeconfig say. */
  async function running(store = 'sqlite'): Promise<ClusterDir> {
    const dir = new ClusterDir('lab', join(machine, 'data'));
    mkdirSync(dir.in('run'), { recursive: true });
    dir.save({ format: 1, name: 'lab', index: 1, apiPort: 1, kubeletPort: 2, store, runtime: 'hollow' });
    const entry = { name: 'lab', server: 'https://127.0.0.1:1', ca: 'CA', cert: 'CERT', key: 'KEY' };
    writeFileSync(dir.adminKubeconfig(), renderKubeconfig(entry));
    rememberCluster(dir);
    await addContext(dir, ctx);
    const claims = join(import.meta.dirname, '..', 'cluster');
    const program = `import { claim } from '${claims}/claim.ts'; import { placeOf } from '${claims}/place.ts';
await claim(placeOf({ path: '${dir.path}' })); console.log('claimed'); setInterval(() => {}, 1000);`;
    const up = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    onTestFinished(() => void up.kill('SIGKILL'));
    await once(up.stdout, 'data');
    return dir;
  }
  const left = (): readonly unknown[] => {
    const { contexts, currentContext } = loadKubeconfig([join(machine, 'config')]);
    return [[...contexts.keys()], currentContext];
  };

  it('a data directory that was removed is told of as that, and takes its context with it', async () => {
    const dir = await running();
    rmSync(dir.path, { recursive: true });
    await run({ name: 'lab', dataDir: dir.path });
    expect(said.at(-1)).toBe(`cluster "lab" was up and is stopped: its data in ${dir.path} was gone already`);
    expect(left()).toEqual([[], undefined]);
  });

  it('lost records leave no context current that leads nowhere', async () => {
    const dir = await running();
    rmSync(dir.in('run'), { recursive: true });
    await run({ name: 'lab', dataDir: dir.path });
    expect(said.at(-1)).toBe('cluster "lab" is stopped');
    expect(left()).toEqual([['kubernest-lab'], undefined]);
  });

  it('what it keeps in etcd stays after a purge, and it is said how that goes', async () => {
    const dir = await running('http://192.0.2.1:2379,http://192.0.2.2:2379');
    await run({ name: 'lab', dataDir: dir.path, purge: true });
    const way = 'etcdctl --endpoints=http://192.0.2.1:2379,http://192.0.2.2:2379 del --prefix /kubernest/lab/';
    expect(said.slice(-2)).toEqual([
      'cluster "lab" is stopped and its data removed',
      `what it keeps in etcd stays; where no other server of it needs that any more: ${way}`,
    ]);
  });

  it('lost facts are the last word, and the context before is current again', async () => {
    const dir = await running();
    rmSync(dir.in('cluster.json'));
    await expect(run({ name: 'lab', dataDir: dir.path })).rejects.toThrow('nothing of cluster "lab" runs any more');
    expect(left()).toEqual([['kubernest-lab'], undefined]);
  });
});
