import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { demandFormerName, forgetCluster, formerCluster, knownClusters, rememberCluster } from './known-clusters.ts';

let machine: string;
let parent: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-known-'));
  onTestFinished(() => rmSync(machine, { recursive: true }));
  parent = join(machine, 'clusters');
});

function started(name: string, path: string): ClusterDir {
  const dir = new ClusterDir(name, path);
  mkdirSync(path, { recursive: true });
  dir.save({ format: 1, name, index: 0, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' });
  rememberCluster(dir, parent);
  return dir;
}

const told = () => knownClusters(parent).map(({ path, facts, fault }) => [path, facts?.name ?? fault]);

it('clusters are known beside each other and elsewhere', () => {
  expect(told()).toEqual([]);
  const paths = [join(parent, 'one'), join(machine, 'far', 'data')];
  started('one', paths[0]!);
  for (const _again of [1, 2]) started('far', paths[1]!);
  expect(told()).toEqual([
    [paths[0], 'one'],
    [paths[1], 'far'],
  ]);

  writeFileSync(join(paths[1]!, 'cluster.json'), 'torn');
  expect(knownClusters(parent)[1]).toMatchObject({ name: 'far', fault: expect.stringContaining('cannot be read') });
});

it('one that has run and whose facts alone are gone is told as what it is, not as missed: its processes may still run', () => {
  const dir = started('far', join(machine, 'far'));
  mkdirSync(dir.in('pki'));
  writeFileSync(dir.in('pki', 'apiserver.crt'), '');
  rmSync(dir.in('cluster.json'));
  const [known] = knownClusters(parent);
  expect(known).toMatchObject({
    name: 'far',
    fault: expect.stringMatching(/cluster\.json is missing, .* with down, /),
  });
  expect(known).not.toHaveProperty('isMissing');
});

it('one that is gone is missed under its name until it is forgotten, whatever is gone with it and starts meanwhile', () => {
  const disk = join(machine, 'disk');
  const gone = join(disk, 'deep', 'data');
  const dir = started('far', gone);
  for (const [remove, how] of [
    [join(gone, 'cluster.json'), 'without it'],
    [gone, 'gone'],
    [disk, 'gone'],
  ] as const) {
    rmSync(remove, { recursive: true });
    started('one', join(parent, 'one'));
    const [fault, wayOut] = [`${gone} held a cluster and is ${how}: `, `down --purge --name far --data-dir ${gone}`];
    expect(knownClusters(parent).filter(({ isMissing }) => isMissing)).toEqual([
      { path: gone, name: 'far', isMissing: true, fault: expect.stringContaining(fault) },
    ]);
    expect(told()[1]![1]).toContain(wayOut);
  }
  expect(formerCluster(gone, parent)).toEqual({ path: gone, name: 'far' });
  expect(() => demandFormerName(dir, parent)).not.toThrow();
  expect(() => demandFormerName(new ClusterDir('one', gone), parent)).toThrow('belongs to the cluster "far", not');

  forgetCluster(dir, parent);
  expect(told()).toEqual([[join(parent, 'one'), 'one']]);
  expect(formerCluster(gone, parent)).toBeUndefined();
});

it('at the customary place, one that is gone was removed by hand, and one that is emptied is missed', () => {
  const one = join(parent, 'one');
  started('one', one);
  rmSync(join(one, 'cluster.json'));
  expect(told()).toEqual([[one, expect.stringContaining('is without it')]]);
  rmSync(one, { recursive: true });
  expect([told(), formerCluster(one, parent)]).toEqual([[], undefined]);
});

it('the way to forget one whose name an older version did not keep names no other cluster', () => {
  mkdirSync(parent);
  const gone = join(machine, "someone's disk");
  writeFileSync(join(parent, 'elsewhere.json'), JSON.stringify([gone]));
  const [[, fault] = []] = told();
  expect(fault).toContain(`down --purge --name NAME --data-dir '${machine}/someone'\\''s disk'`);
});
