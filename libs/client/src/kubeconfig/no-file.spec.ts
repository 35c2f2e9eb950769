import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addToKubeconfig, checkKubeconfig, giveBackContext, removeFromKubeconfig } from './change.ts';
import { loadKubeconfig } from './load.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
const own = { name: 'kubernest-default', owns: () => true };
const entry = { name: own.name, server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

const makers: readonly [string, (path: string) => void][] = [
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  // Only root makes devices: this one is like /dev/null, which a replacement would take from the whole machine.
  ...(process.getuid?.() === 0
    ? ([['a device', (path) => execFileSync('mknod', [path, 'c', '1', '3'])]] as [string, (path: string) => void][])
    : []),
];
const acts: readonly [string, (paths: readonly string[]) => unknown][] = [
  ['read', (paths) => loadKubeconfig(paths)],
  ['checked', (paths) => checkKubeconfig(paths, own, ctx)],
  ['added to', (paths) => addToKubeconfig(paths, entry, { owns: own.owns, makeCurrent: true }, ctx)],
  ['given back its context', (paths) => giveBackContext(paths, own, 'prod', ctx)],
  ['taken from', (paths) => removeFromKubeconfig(paths, own, ctx)],
];

describe.each(makers)('a kubeconfig that is %s', (what, make) => {
  it.each(acts)('is refused before anything is made beside it, wherever it stands: %s', async (_act, act) => {
    const place = folder();
    const [strange, link, plain] = ['strange', 'link', 'plain'].map((name) => join(place, name)) as [
      string,
      string,
      string,
    ];
    make(strange);
    symlinkSync('strange', link);
    writeFileSync(plain, `current-context: ${own.name}\ncontexts: [{name: ${own.name}, context: {}}]\n`);
    const before = readdirSync(place);
    const inode = statSync(strange).ino;
    for (const paths of [[strange], [link], [plain, strange], [link, plain]])
      await expect(Promise.try(act, paths)).rejects.toThrow(`cannot be read: it is ${what}, and no file`);
    expect(readdirSync(place)).toEqual(before);
    expect([statSync(strange).ino, statSync(strange).isFile()]).toEqual([inode, false]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });
});
