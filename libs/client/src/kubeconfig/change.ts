import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseKubeconfig } from './load.ts';

/** One cluster, one user and one context, all of the same name. PEM as it is; encoding is done here. */
export interface KubeconfigEntry {
  readonly name: string;
  readonly server: string;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly namespace?: string;
}

/**
 * Adds or replaces the entry and touches nothing else, comments included. The file is replaced at once and is 0600. Resolves with the context
 * that was current before; empty for none.
 */
export async function addToKubeconfig(
  path: string,
  entry: KubeconfigEntry,
  how: { readonly makeCurrent: boolean },
  ctx: Context,
): Promise<string> {
  let before = '';
  await change(path, ctx, (document) => {
    before = currentContextOf(document);
    setDefault(document, 'apiVersion', 'v1');
    setDefault(document, 'kind', 'Config');
    const { name, namespace } = entry;
    putEntry(document, 'clusters', name, 'cluster', {
      server: entry.server,
      'certificate-authority-data': base64(entry.ca),
    });
    putEntry(document, 'users', name, 'user', {
      ...(entry.cert ? { 'client-certificate-data': base64(entry.cert) } : {}),
      ...(entry.key ? { 'client-key-data': base64(entry.key) } : {}),
      ...(entry.token ? { token: entry.token } : {}),
    });
    putEntry(document, 'contexts', name, 'context', { cluster: name, user: name, ...(namespace ? { namespace } : {}) });
    if (how.makeCurrent || !document.get('current-context')) document.set('current-context', name);
    return true;
  });
  return before;
}

/** An entry, and how to tell it from one of the same name that somebody else made. */
export interface OwnEntry {
  readonly name: string;
  owns(cluster: { readonly server?: unknown; readonly ca?: string }): boolean;
}

/**
 * Makes `to` the current context where `from` still is: whoever has switched since keeps what they chose. A `to` that is gone, and an empty one,
 * leave none. Resolves with the context that is current then.
 */
export async function giveBackContext(path: string, from: OwnEntry, to: string, ctx: Context): Promise<string> {
  let current = '';
  await change(path, ctx, (document) => {
    current = currentContextOf(document);
    if (current !== from.name || isAnothers(document, from)) return false;
    const there = listOf(document, 'contexts')?.items.some(named(to)) ?? false;
    current = there ? to : '';
    document.set('current-context', current);
    return true;
  });
  return current;
}

const currentContextOf = (document: Document): string => {
  const current = document.get('current-context');
  return typeof current === 'string' ? current : '';
};

/** Throws, and says why, when an entry could not be added. Changes nothing. */
export async function checkKubeconfig(path: string, ctx: Context): Promise<void> {
  await change(path, ctx, () => false);
}

/** Takes the entry out again. What is not there, file included, and one of somebody else, is success. A current context that points to it is emptied. */
export async function removeFromKubeconfig(path: string, own: OwnEntry, ctx: Context): Promise<void> {
  const { name } = own;
  await change(path, ctx, (document) => {
    if (isAnothers(document, own)) return false;
    let changed = false;
    for (const list of ['clusters', 'users', 'contexts']) changed = dropEntry(document, list, name) || changed;
    if (document.get('current-context') === name) {
      document.set('current-context', '');
      changed = true;
    }
    return changed;
  });
}

function isAnothers(document: Document, { name, owns }: OwnEntry): boolean {
  const entry = listOf(document, 'clusters')?.items.find(named(name)) as YAMLMap | undefined;
  const cluster = entry?.get('cluster');
  if (!isMap(cluster)) return false;
  const data = cluster.get('certificate-authority-data');
  const ca = typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined;
  return !owns({ server: cluster.get('server'), ca });
}

/** A kubeconfig of its own, as text: what `kubernest kubeconfig` prints. */
export function renderKubeconfig(entry: KubeconfigEntry): string {
  const document = parseKubeconfig('{}', entry.name);
  const { name, server, ca, cert, key, token } = entry;
  const user = { 'client-certificate-data': cert && base64(cert), 'client-key-data': key && base64(key), token };
  document.contents = document.createNode({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user: Object.fromEntries(Object.entries(user).filter(([, value]) => value)) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  }) as typeof document.contents;
  return document.toString({ lineWidth: 0 });
}

async function change(path: string, ctx: Context, edit: (document: Document) => boolean): Promise<void> {
  // A symlink stays one: what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  await makeFolder(dirname(target)).catch((error: unknown) => {
    throw new Error(
      `the kubeconfig ${path} cannot be written: ${messageOf(error)}. Name another file with KUBECONFIG, or another folder with HOME`,
      { cause: error },
    );
  });
  const unlock = await lock(`${target}.lock`, ctx);
  try {
    const text = await readFile(target, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw new Error(`the kubeconfig ${path} cannot be read: ${error.message}`, { cause: error });
    });
    const document: Document = parseKubeconfig(text, path);
    if (!isMap(document.contents)) document.contents = document.createNode({});
    if (edit(document)) await replaceFile(target, document.toString({ lineWidth: 0 }));
  } finally {
    await unlock();
  }
}

/** With those above it. `recursive` goes round for ever where a parent can hold no folders (`/proc`). */
async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    // Somebody else was faster.
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
  });
}

async function replaceFile(target: string, text: string): Promise<void> {
  const fresh = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** kubectl takes the same lock file, so that neither loses the other's change. */
async function lock(path: string, ctx: Context): Promise<() => Promise<void>> {
  let file: FileHandle | undefined;
  for (let attempt = 0; !file; attempt++) {
    file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw new Error(`the kubeconfig beside ${path} cannot be written: ${error.message}`, { cause: error });
    });
    if (file) break;
    if (attempt === 50) throw new Error(`the kubeconfig is in use by another program; if none runs, remove ${path}`);
    await ctx.clock.sleep(100, ctx.signal);
  }
  await file.close();
  return () => rm(path, { force: true });
}

function setDefault(document: Document, key: string, value: string): void {
  if (!document.has(key)) document.set(key, value);
}

function listOf(document: Document, list: string): YAMLSeq | undefined {
  const found = document.get(list, true);
  return isSeq(found) ? found : undefined;
}

const named = (name: string) => (item: unknown) => isMap(item) && (item as YAMLMap).get('name') === name;

function putEntry(document: Document, list: string, name: string, member: string, value: object): void {
  if (!listOf(document, list)) document.set(list, document.createNode([]));
  const entries = listOf(document, list)!;
  entries.flow = false;
  const existing = entries.items.find(named(name)) as YAMLMap | undefined;
  if (existing) existing.set(member, document.createNode(value));
  else entries.add(document.createNode({ name, [member]: value }));
}

function dropEntry(document: Document, list: string, name: string): boolean {
  const entries = listOf(document, list);
  const at = entries ? entries.items.findIndex(named(name)) : -1;
  if (at < 0) return false;
  entries!.items.splice(at, 1);
  return true;
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
