import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { formerCluster, knownClusters, rememberCluster } from '../cluster/known-clusters.ts';
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
