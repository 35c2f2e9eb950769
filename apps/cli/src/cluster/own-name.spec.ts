import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderKubeconfig } from '@kubernest/client';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import type { KnownCluster } from './known-clusters.ts';
import { demandOwnName } from './own-name.ts';
import { recordOf, recordProcess } from './process-file.ts';

let machine: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-own-name-'));
  vi.stubEnv('KUBECONFIG', join(machine, 'config'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(machine, { recursive: true });
  });
});

const entry = { name: 'kubernest-lab', server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };

function made(folder: string, name = 'lab'): ClusterDir {
  const dir = new ClusterDir(name, join(machine, folder));
  mkdirSync(dir.in('run'), { recursive: true });
  dir.save({ format: 1, name, index: 1, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' });
  writeFileSync(dir.adminKubeconfig(), renderKubeconfig(entry));
  return dir;
}

const known = (...dirs: readonly ClusterDir[]): readonly KnownCluster[] =>
  dirs.map((dir) => ({ path: dir.path, facts: dir.facts()! }));

it('a name may be that of a cluster elsewhere which neither runs nor has its context', () => {
  const [own, other] = [made('own'), made('other')];
  expect(() => demandOwnName(own, known(own, other))).not.toThrow();
});

it('a name is refused while another cluster of it runs, or has the context of that name', () => {
  const [own, other, namesake] = [made('own'), made('other'), made('third', 'else')];
  recordProcess(namesake.pidFile('up'), recordOf(process.pid));
  expect(() => demandOwnName(own, known(own, other, namesake))).not.toThrow();

  writeFileSync(join(machine, 'config'), renderKubeconfig(entry));
  const wayOut = new RegExp(`, that in ${other.path}: .* down --purge --name lab --data-dir ${other.path}$`);
  expect(() => demandOwnName(own, known(own, other))).toThrow(/another cluster "lab" has its context/);
  expect(() => demandOwnName(own, known(own, other))).toThrow(wayOut);
  expect(() => demandOwnName(own, [{ path: other.path, fault: 'torn' }])).not.toThrow();

  recordProcess(other.pidFile('up'), recordOf(process.pid));
  expect(() => demandOwnName(own, known(own, other))).toThrow(/another cluster "lab" runs, /);
});
