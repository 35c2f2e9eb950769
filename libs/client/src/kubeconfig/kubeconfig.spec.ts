import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addToKubeconfig, checkKubeconfig, giveBackContext, removeFromKubeconfig, renderKubeconfig } from './change.ts';
import { kubeconfigPaths, loadKubeconfig, transportOptionsOf } from './load.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const entry = { name: 'kubernest-default', server: 'https://127.0.0.1:6443', ca: 'CA', cert: 'CERT', key: 'KEY' };
const own = { name: entry.name, owns: ({ ca }: { readonly ca?: string }) => ca === entry.ca };
const { owns } = own;
const foreign = `# mine, do not lose
apiVersion: v1
kind: Config
clusters:
- cluster:
    server: https://prod.example:6443 # the real one
    certificate-authority: ca.crt
  name: prod
contexts:
- context: {cluster: prod, user: me}
  name: prod
current-context: prod
users:
- name: me
  user:
    exec: { command: login }
`;
const fresh = (text?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config');
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

describe('the kubeconfig', () => {
  it('is made when there is none, readable by its owner alone, and says how to connect', async () => {
    const path = join(fresh(), '..', 'deep', 'config');
    await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const options = transportOptionsOf(loadKubeconfig([path]));
    expect(options).toMatchObject({
      server: entry.server,
      ca: Buffer.from('CA'),
      cert: Buffer.from('CERT'),
      key: Buffer.from('KEY'),
    });
  });

  it('gets an entry and loses it again, and all else stays as it was, comments too', async () => {
    const path = fresh(foreign);
    await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx);
    const text = readFileSync(path, 'utf8');
    for (const line of foreign.split('\n').filter((l) => l.includes('#') || l.includes('exec')))
      expect(text).toContain(line.trim());
    const config = loadKubeconfig([path]);
    expect([...config.contexts.keys()]).toEqual(['prod', 'kubernest-default']);
    expect(config.currentContext).toBe('kubernest-default');
    await addToKubeconfig([path], { ...entry, server: 'https://127.0.0.1:7443' }, { owns, makeCurrent: false }, ctx);
    expect(loadKubeconfig([path]).clusters.get(entry.name)?.server).toBe('https://127.0.0.1:7443');
    await removeFromKubeconfig([path], own, ctx);
    const after = loadKubeconfig([path]);
    expect([...after.clusters.keys(), ...after.users.keys(), ...after.contexts.keys()]).toEqual(['prod', 'me', 'prod']);
    expect(after.currentContext).toBeUndefined();
  });

  it('tells which context was current, and gives it back unless somebody has switched', async () => {
    const path = fresh(foreign);
    expect(await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx)).toBe('prod');
    expect(await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx)).toBe(entry.name);
    expect(await giveBackContext([path], { ...own, name: 'somebody' }, 'me', ctx)).toBe(entry.name);
    expect(await giveBackContext([path], own, 'prod', ctx)).toBe('prod');
    expect(loadKubeconfig([path]).currentContext).toBe('prod');
    expect(await giveBackContext([path], own, 'other', ctx)).toBe('prod');
  });

  it('leaves no context current where the one before is gone, or there was none', async () => {
    const path = fresh('');
    expect(await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx)).toBe('');
    expect(await giveBackContext([path], own, 'gone', ctx)).toBe('');
    expect(loadKubeconfig([path]).currentContext).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, object>>]>([
    ['a cluster of another authority', { cluster: { server: entry.server, 'certificate-authority-data': 'b3RoZXI=' } }],
    ['a cluster without an authority', { cluster: { server: entry.server }, user: { token: 'secret' } }],
    ['a context of another cluster', { context: { cluster: 'prod', user: entry.name }, user: { token: 'secret' } }],
    ['a context of another user', { context: { cluster: entry.name, user: 'me' } }],
    ['a user without a cluster', { user: { token: 'secret' } }],
  ])('never loses what has the same name and is somebody else’s: %s', async (_what, members) => {
    const lists = { clusters: members['cluster'], users: members['user'], contexts: members['context'] };
    const theirs = Object.entries(lists).map(([list, value]) => [
      list,
      value ? [{ name: entry.name, [list.slice(0, -1)]: value }] : [],
    ]);
    const path = fresh(JSON.stringify({ ...Object.fromEntries(theirs), 'current-context': entry.name }));
    const before = readFileSync(path, 'utf8');
    expect(await checkKubeconfig([path], own, ctx)).toBeDefined();
    const added = addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx);
    await expect(added).rejects.toThrow(`the kubeconfig ${path} has "kubernest-default" already, `);
    await removeFromKubeconfig([path], own, ctx);
    expect(await giveBackContext([path], own, 'prod', ctx)).toBe(entry.name);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('keeps the namespace that the user has chosen for our context', async () => {
    const path = fresh(foreign);
    await addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^( +)user: kubernest-default$/m, '$&\n$1namespace: work'));
    await addToKubeconfig([path], { ...entry, cert: 'NEW' }, { owns, makeCurrent: true }, ctx);
    expect(loadKubeconfig([path]).contexts.get(entry.name)?.namespace).toBe('work');
  });

  it('keeps a current context that is not ours when an entry goes', async () => {
    const path = fresh(foreign);
    await addToKubeconfig([path], entry, { owns, makeCurrent: false }, ctx);
    await removeFromKubeconfig([path], own, ctx);
    expect(loadKubeconfig([path]).currentContext).toBe('prod');
  });

  it('that is no YAML is told of in one line, with what to do', () => {
    const path = fresh('contexts: []\nclusters: [unclosed\n');
    expect(() => loadKubeconfig([path])).toThrow(
      new RegExp(`^${path} is not a kubeconfig: it is no YAML \\(line 3, column 1\\)\\. Mend it, .*KUBECONFIG$`),
    );
  });

  it('that can lie nowhere is told of at once', async () => {
    const added = addToKubeconfig(['/proc/kubernest/below/config'], entry, { owns, makeCurrent: true }, ctx);
    await expect(added).rejects.toThrow(
      /config cannot be written: there is no such file or folder.* Name another file with KUBECONFIG/,
    );
  });

  it('is looked for at home, never in whatever folder one is in', () => {
    expect(kubeconfigPaths({ HOME: '' })).toEqual(kubeconfigPaths({}));
    expect(kubeconfigPaths({ HOME: '' })[0]).toMatch(/^\/.*\/\.kube\/config$/);
  });

  it('is at no home that would be another in every folder', () => {
    for (const HOME of ['home', './home', '..', '~'])
      expect(() => kubeconfigPaths({ HOME })).toThrow(
        `HOME is "${HOME}", which is another place in every folder: set it`,
      );
    expect(kubeconfigPaths({ HOME: 'home', KUBECONFIG: '/a/config' })).toEqual(['/a/config']);
  });

  it.each([
    ['broken YAML', 'a: [1, 2'],
    ['another kind', 'kind: Pod\napiVersion: v1\n'],
    ['a list', '- a\n'],
    ['clusters that are no list', 'clusters: {a: b}\n'],
  ])('refuses %s with the name of the file and leaves it as it is', async (_, text) => {
    const path = fresh(text);
    await expect(addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx)).rejects.toThrow(
      `${path} is not a kubeconfig`,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('loses nothing when many write at once', async () => {
    const path = fresh(foreign);
    const names = Array.from({ length: 8 }, (_, i) => `kubernest-${i}`);
    await Promise.all(
      names.map((name) => addToKubeconfig([path], { ...entry, name }, { owns, makeCurrent: false }, ctx)),
    );
    expect([...loadKubeconfig([path]).contexts.keys()].sort()).toEqual([...names, 'prod']);
  });

  it('follows a symbolic link instead of replacing it, and keeps owner and permissions', async () => {
    const target = fresh(foreign);
    const link = join(fresh(), '..', 'link');
    symlinkSync(target, link);
    chmodSync(target, 0o640);
    // Only root gives files away.
    const uid = process.getuid!() === 0 ? 12_345 : process.getuid!();
    chownSync(target, uid, statSync(target).gid);
    await addToKubeconfig([link], entry, { owns, makeCurrent: true }, ctx);
    expect(loadKubeconfig([target]).contexts.has(entry.name)).toBe(true);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(target)).toMatchObject({ uid, mode: 0o100640 });
  });

  it('makes what a symbolic link points to, relative to where it lies, and refuses links in a circle', async () => {
    const folder = join(fresh(), '..');
    symlinkSync('second', join(folder, 'first'));
    symlinkSync('deep/config', join(folder, 'second'));
    await addToKubeconfig([join(folder, 'first')], entry, { owns, makeCurrent: true }, ctx);
    expect(loadKubeconfig([join(folder, 'deep', 'config')]).contexts.has(entry.name)).toBe(true);
    expect(lstatSync(join(folder, 'first')).isSymbolicLink()).toBe(true);
    symlinkSync('there', join(folder, 'here'));
    symlinkSync('here', join(folder, 'there'));
    await expect(checkKubeconfig([join(folder, 'here')], own, ctx)).rejects.toThrow(/links go round in a circle/);
  });

  it('merges files, the first counts, and resolves their paths', async () => {
    const first = fresh(renderKubeconfig(entry));
    const second = fresh(foreign);
    const config = loadKubeconfig([first, '/nowhere/config', second]);
    expect(config.currentContext).toBe('kubernest-default');
    expect(config.clusters.get('prod')?.['certificate-authority']).toBe(join(second, '..', 'ca.crt'));
    expect(() => transportOptionsOf(config, 'prod')).toThrow('credential plugin');
    expect(() => transportOptionsOf(config, 'none')).toThrow('no context "none"');
  });
});

it('what is no file is neither read nor written, nor waited for, and what it names is not', async () => {
  const path = fresh();
  execFileSync('mkfifo', [path]);
  const words = `the kubeconfig ${path} cannot be read: it is a pipe, and no file`;
  expect(() => loadKubeconfig([path])).toThrow(words);
  await expect(addToKubeconfig([path], entry, { owns, makeCurrent: true }, ctx)).rejects.toThrow(words);

  const naming = fresh(foreign.replace('ca.crt', path).replace('exec: { command: login }', 'token: a'));
  expect(() => transportOptionsOf(loadKubeconfig([naming]))).toThrow(`names, ${path} cannot be read: it is a pipe`);
});
