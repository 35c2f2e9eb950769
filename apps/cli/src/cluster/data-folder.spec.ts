import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { ownNames } from './own-names.ts';
import { removeData, removeFailed, removeLeftovers, removeUnbegun } from './remove-data.ts';
import { homeWords, strangersIn, takeFolder } from './take-folder.ts';

let machine: string;
let dir: ClusterDir;
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const facts = { format: 1, name: 'mine', index: 1, apiPort: 1, kubeletPort: 2, store: 'sqlite' };

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'kubernest-folder-'));
  dir = new ClusterDir('mine', join(machine, 'data'));
});
afterEach(() => rmSync(machine, { recursive: true }));

/** Everything that a cluster leaves, the drafts of a crash among it. */
function begin(): void {
  takeFolder(dir);
  for (const name of ownNames.keys())
    if (/\.|key/.test(name)) writeFileSync(dir.in(name), 'a secret', { mode: 0o666 });
    else mkdirSync(dir.in(name, 'deep'), { recursive: true });
  writeFileSync(dir.in('sealing.key.0a1b2c.new'), '');
  writeFileSync(dir.in('admin.kubeconfig.4711.new'), '');
  dir.save(facts);
}

describe('a data directory that is taken', () => {
  it('is made when it is missing, and as it is when it is there and empty', () => {
    takeFolder(dir);
    expect(modeOf(dir.path)).toBe(0o711);
    const there = new ClusterDir('mine', join(machine, 'there'));
    mkdirSync(there.path);
    chmodSync(there.path, 0o750);
    takeFolder(there);
    expect(modeOf(there.path)).toBe(0o750);
  });

  it.each([0o777, 0o775, 0o1777])('is nobody else’s to change, though it was there as %o', (mode) => {
    mkdirSync(dir.path);
    chmodSync(dir.path, mode);
    takeFolder(dir);
    expect(modeOf(dir.path)).toBe(0o755);
    const link = new ClusterDir('mine', join(machine, 'link'));
    symlinkSync(dir.path, link.path);
    chmodSync(dir.path, mode);
    takeFolder(link);
    expect(modeOf(dir.path)).toBe(0o755);
  });

  it.skipIf(process.geteuid?.() !== 0)('is refused when it, or a record in it, is another user’s', () => {
    mkdirSync(dir.path);
    chownSync(dir.path, 65534, 65534);
    expect(() => takeFolder(dir)).toThrow(`${dir.path} belongs to another user (uid 65534)`);
    expect(readdirSync(dir.path)).toEqual([]);
    chownSync(dir.path, 0, 0);
    takeFolder(dir);
    writeFileSync(dir.pidFile('up'), '{}');
    chownSync(dir.pidFile('up'), 65534, 65534);
    expect(() => takeFolder(dir)).toThrow(`${dir.pidFile('up')} belongs to another user (uid 65534)`);
  });

  it.each([
    ['a part of its name', (top: string) => join(top, 'deep', 'x'.repeat(256), 'data')],
    ['its whole name', (top: string) => join(top, ...Array.from({ length: 60 }, () => 'x'.repeat(100)))],
  ])('is refused, and nothing made on the way, where %s is too long', (_, pathIn) => {
    expect(() => takeFolder(new ClusterDir('mine', pathIn(machine)))).toThrow('its name is too long');
    expect(readdirSync(machine)).toEqual([]);
  });

  it.each(['notes.txt', 'src', 'agent', 'sealing.key'])('is refused, and stays as it is, when it holds %s', (name) => {
    mkdirSync(dir.path);
    mkdirSync(dir.in(name));
    chmodSync(dir.path, 0o755);
    expect(() => takeFolder(dir)).toThrow(`holds something else than a cluster (${name}): choose an empty`);
    expect([modeOf(dir.path), readdirSync(dir.path)]).toEqual([0o755, [name]]);
  });

  it('is refused with a folder named run that is no cluster’s', () => {
    mkdirSync(dir.in('run', 'marathon'), { recursive: true });
    expect(() => takeFolder(dir)).toThrow('something else than a cluster (run)');
    rmSync(dir.in('run'), { recursive: true });
    writeFileSync(dir.in('run'), '');
    expect(() => takeFolder(dir)).toThrow('something else than a cluster (run)');
  });

  it('may be a new file system, and hold what a start left that broke off', () => {
    mkdirSync(dir.in('lost+found'), { recursive: true });
    mkdirSync(dir.in('run'));
    for (const name of ['run/up.log', 'run/down.json', 'cluster.json.new']) writeFileSync(dir.in(name), '');
    takeFolder(dir);
    expect(existsSync(dir.in('lost+found'))).toBe(true);
  });

  it('is not waited for where there can be none', () => {
    expect(() => takeFolder(new ClusterDir('mine', '/proc/kubernest/data'))).toThrow(
      /cannot be used: there is no such file or folder.* --data-dir/,
    );
  });

  it('has nothing that others may change, whatever it was', () => {
    begin();
    for (const name of ownNames.keys()) chmodSync(dir.in(name), 0o777);
    takeFolder(dir);
    for (const [name, most] of ownNames) expect([name, modeOf(dir.in(name)) & ~most]).toEqual([name, 0]);
  });
});

describe('data that is removed', () => {
  it('goes with the directory when nothing else is in it', async () => {
    begin();
    expect(await removeData(dir)).toEqual([]);
    expect(readdirSync(machine)).toEqual([]);
  });

  it('leaves what is not the cluster’s', async () => {
    begin();
    const theirs = ['notes.txt', 'run.bak', 'sqlite-old', 'cluster.json.orig'];
    for (const name of theirs) writeFileSync(dir.in(name), '');
    const left = await removeData(dir);
    expect(strangersIn(left).toSorted()).toEqual(theirs.toSorted());
    expect(readdirSync(dir.path).toSorted()).toEqual(theirs.toSorted());
  });

  it('of a first start that failed leaves what tells why, where the next one may begin', async () => {
    begin();
    rmSync(dir.in('run', 'deep'), { recursive: true });
    rmSync(dir.in('pki'), { recursive: true });
    for (const name of ['api.log', 'up.log', 'session.json']) writeFileSync(dir.in('run', name), 'why');
    await removeFailed(dir);
    expect(readdirSync(dir.path)).toEqual(['run']);
    await removeUnbegun(dir);
    expect(existsSync(dir.logFile('api'))).toBe(true);
    takeFolder(dir);
    await removeLeftovers(dir);
    expect(existsSync(dir.path)).toBe(false);
  });

  it('leaves a folder that no cluster has begun in', async () => {
    mkdirSync(dir.in('run'), { recursive: true });
    writeFileSync(dir.in('run', 'up.log'), '');
    writeFileSync(dir.in('sealing.key'), 'of somebody');
    await removeLeftovers(dir);
    expect(readdirSync(dir.path)).toEqual(['sealing.key']);
    rmSync(dir.in('sealing.key'));
    mkdirSync(dir.in('run'));
    await removeLeftovers(dir);
    expect(existsSync(dir.path)).toBe(false);
  });
});

it('whoever has no HOME is told so where the data directory would be in it', () => {
  onTestFinished(() => void vi.restoreAllMocks());
  const uid = vi.spyOn(process, 'getuid');
  const told = (user: number, dataDir?: string, env = {}): string => {
    uid.mockReturnValue(user);
    return homeWords(new ClusterDir('mine', dataDir), env);
  };
  expect(told(1000)).toContain('HOME is not set');
  expect([told(1000, machine), told(1000, undefined, { HOME: '/home/a' }), told(0)]).toEqual(['', '', '']);
});

it('a start that chose nothing leaves not even the folder of clusters', async () => {
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  vi.stubEnv('HOME', machine);
  const atHome = new ClusterDir('mine');
  takeFolder(atHome);
  await removeUnbegun(atHome);
  expect(existsSync(join(machine, '.local/share/kubernest'))).toBe(false);
});
