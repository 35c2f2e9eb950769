import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { addToKubeconfig, checkKubeconfig, giveBackContext, removeFromKubeconfig, renderKubeconfig } from './change.ts';
import { loadKubeconfig } from './load.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };
const entry = { name: 'kubernest-x', server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };
const own = { name: entry.name, owns: ({ ca }: { readonly ca?: string }) => ca === entry.ca };
const prod = renderKubeconfig({ name: 'prod', server: 'https://prod.example', ca: 'PROD', token: 'a' });
const withoutCurrent = (text: string): string => text.replace(/^current-context:.*\n/m, '');

let a: string;
let b: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  [a, b] = [join(folder, 'a'), join(folder, 'b')];
});

const add = (paths: readonly string[], makeCurrent = true) =>
  addToKubeconfig(paths, entry, { owns: own.owns, makeCurrent }, ctx);

describe('a kubeconfig of several files', () => {
  it.each([
    ['says it in the first, and defines it in the second', 'current-context: prod\n', withoutCurrent(prod)],
    ['has all of it in the second', 'apiVersion: v1\nkind: Config\n', prod],
  ])('has its context again where it %s', async (_what, first, second) => {
    writeFileSync(a, first);
    writeFileSync(b, second);
    expect(await add([a, b])).toBe('prod');
    expect(loadKubeconfig([a, b]).currentContext).toBe(entry.name);
    expect(await giveBackContext([a, b], own, 'prod', ctx)).toBe('prod');
    await removeFromKubeconfig([a, b], own, ctx);
    const config = loadKubeconfig([a, b]);
    expect([config.currentContext, [...config.contexts.keys()]]).toEqual(['prod', ['prod']]);
    expect(readFileSync(b, 'utf8')).toBe(second);
    expect(readFileSync(a, 'utf8')).not.toMatch(/clusters|users|contexts/);
  });

  it('is written to in the first that exists, and in the last where none does', async () => {
    await checkKubeconfig([a, b], own, ctx);
    expect([a, b].map(existsSync)).toEqual([false, false]);
    await add([a, b]);
    expect([a, b].map(existsSync)).toEqual([false, true]);
    writeFileSync(a, prod);
    await add([a, b]);
    // What is there stays in its file; which context is current, the first says.
    expect(loadKubeconfig([b]).clusters.has(entry.name)).toBe(true);
    expect(loadKubeconfig([a]).clusters.has(entry.name)).toBe(false);
    expect(loadKubeconfig([a]).currentContext).toBe(entry.name);
    await removeFromKubeconfig([a, b], own, ctx);
    const config = loadKubeconfig([a, b]);
    expect([config.currentContext, [...config.clusters.keys()]]).toEqual([undefined, ['prod']]);
  });

  it('has somebody else’s entry of the same name in whichever file', async () => {
    writeFileSync(a, prod);
    writeFileSync(b, renderKubeconfig({ ...entry, ca: 'THEIRS' }));
    const before = [a, b].map((path) => readFileSync(path, 'utf8'));
    expect(await checkKubeconfig([a, b], own, ctx)).toMatch(/^for another cluster/);
    await expect(add([a, b])).rejects.toThrow(`the kubeconfig ${b} has "kubernest-x" already`);
    await removeFromKubeconfig([a, b], own, ctx);
    expect([a, b].map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  });
});
