import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { forgetCluster, knownClusters, rememberCluster } from './known-clusters.ts';

it('clusters are known beside each other and elsewhere, and missed when they are gone', () => {
  const machine = mkdtempSync(join(tmpdir(), 'kubernest-known-'));
  onTestFinished(() => rmSync(machine, { recursive: true }));
  const parent = join(machine, 'clusters');
  const made = (name: string, path: string): ClusterDir => {
    const dir = new ClusterDir(name, path);
    mkdirSync(path, { recursive: true });
    dir.save({ format: 1, name, index: 0, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' });
    return dir;
  };
  const known = () => knownClusters(parent).map(({ path, facts, fault }) => [path, facts?.name ?? fault]);
  expect(known()).toEqual([]);

  rememberCluster(made('one', join(parent, 'one')), parent);
  expect(known()).toEqual([[join(parent, 'one'), 'one']]);

  for (const name of ['far', 'gone']) rememberCluster(made(name, join(machine, name, 'data')), parent);
  rememberCluster(new ClusterDir('far', join(machine, 'far', 'data')), parent);
  expect(known()).toEqual([
    [join(parent, 'one'), 'one'],
    [join(machine, 'far', 'data'), 'far'],
    [join(machine, 'gone', 'data'), 'gone'],
  ]);

  const gone = join(machine, 'gone', 'data');
  for (const [remove, how] of [
    [join(gone, 'cluster.json'), 'without it'],
    [gone, 'gone'],
  ] as const) {
    rmSync(remove, { recursive: true });
    expect(knownClusters(parent).filter(({ isMissing }) => isMissing)).toEqual([
      { path: gone, isMissing: true, fault: expect.stringContaining(`${gone} held a cluster and is ${how}: `) },
    ]);
  }
  expect(known()[2]![1]).toContain(`down --purge --data-dir ${gone}`);
  rmSync(join(machine, 'gone'), { recursive: true });
  writeFileSync(join(machine, 'far', 'data', 'cluster.json'), 'torn');
  expect(known()).toEqual([
    [join(parent, 'one'), 'one'],
    [join(machine, 'far', 'data'), expect.stringContaining('cannot be read')],
    [gone, expect.stringContaining('is gone')],
  ]);
  rememberCluster(made('third', join(machine, 'third')), parent);
  expect(JSON.parse(readFileSync(join(parent, 'elsewhere.json'), 'utf8'))).toEqual([
    join(parent, 'one'),
    join(machine, 'far', 'data'),
    join(machine, 'third'),
  ]);

  // At the customary place it was removed by hand.
  rmSync(join(parent, 'one'), { recursive: true });
  rmSync(join(machine, 'third', 'cluster.json'));
  forgetCluster(new ClusterDir('far', join(machine, 'far', 'data')), parent);
  writeFileSync(join(machine, 'far', 'data', 'cluster.json'), '');
  expect(known()).toEqual([[join(machine, 'third'), expect.stringContaining('is without it')]]);

  made('one', join(parent, 'one'));
  writeFileSync(join(parent, 'elsewhere.json'), '{ torn');
  expect(known()).toEqual([[join(parent, 'one'), 'one']]);
});
