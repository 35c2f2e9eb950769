import type { Context } from '@kubernest/kit';
import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { parseKubeconfig } from './load.ts';
import { changeLocked } from './locked-file.ts';

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

/** How to tell an own entry from one of the same name that somebody else made. */
export interface OwnEntry {
  readonly name: string;
  owns(cluster: KubeconfigPeer): boolean;
}

/** Whom the entry of a cluster names. */
export interface KubeconfigPeer {
  readonly server?: unknown;
  readonly ca?: string;
}

/**
 * Adds the entry, or replaces the own one of its name, and touches nothing else, comments included. Throws rather than to replace what is
 * somebody else's. Resolves with the context that was current before; empty for none.
 */
export async function addToKubeconfig(
  path: string,
  entry: KubeconfigEntry,
  how: Pick<OwnEntry, 'owns'> & { readonly makeCurrent: boolean },
  ctx: Context,
): Promise<string> {
  let before = '';
  await change(path, ctx, (document) => {
    const others = othersOf(document, { name: entry.name, owns: how.owns });
    if (others !== undefined) throw new Error(`the kubeconfig ${path} has "${entry.name}" already, ${others}`);
    before = currentContextOf(document);
    setDefault(document, 'apiVersion', 'v1');
    setDefault(document, 'kind', 'Config');
    const { name } = entry;
    // Which namespace is customary there is the user's affair by now.
    const namespace = entry.namespace ?? memberOf(document, 'contexts', name)?.get('namespace');
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

/**
 * Makes `to` the current context where `from` still is: whoever has switched since keeps what they chose. A `to` that is gone, and an empty one,
 * leave none. Resolves with the context that is current then.
 */
export async function giveBackContext(path: string, from: OwnEntry, to: string, ctx: Context): Promise<string> {
  let current = '';
  await change(path, ctx, (document) => {
    current = currentContextOf(document);
    if (current !== from.name || othersOf(document, from) !== undefined) return false;
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

/** Throws, and says why, when an entry could not be added. Resolves with whose it is where somebody else has one of that name. Changes nothing. */
export async function checkKubeconfig(path: string, own: OwnEntry, ctx: Context): Promise<string | undefined> {
  let others: string | undefined;
  await change(path, ctx, (document) => {
    others = othersOf(document, own);
    return false;
  });
  return others;
}

/**
 * Takes the entry out again. What is not there, file included, and one of somebody else, is success. A current context that points to it is
 * emptied.
 */
export async function removeFromKubeconfig(path: string, own: OwnEntry, ctx: Context): Promise<void> {
  const { name } = own;
  await change(path, ctx, (document) => {
    if (!memberOf(document, 'clusters', name) || othersOf(document, own) !== undefined) return false;
    for (const list of lists) dropEntry(document, list, name);
    if (document.get('current-context') === name) document.set('current-context', '');
    return true;
  });
}

const lists = ['clusters', 'users', 'contexts'] as const;

/** What of that name would be lost to somebody else if it were replaced, and whose it is. */
function othersOf(document: Document, { name, owns }: OwnEntry): string | undefined {
  const cluster = memberOf(document, 'clusters', name);
  if (cluster && !owns(peerOf(cluster))) return `for another cluster (${cluster.get('server') ?? 'no address'})`;
  const context = memberOf(document, 'contexts', name);
  for (const part of ['cluster', 'user'])
    if (context && context.get(part) !== name) return `as a context of the ${part} "${context.get(part)}"`;
  if (!cluster && memberOf(document, 'users', name)) return 'as a user without a cluster';
  return undefined;
}

function peerOf(cluster: YAMLMap): KubeconfigPeer {
  const data = cluster.get('certificate-authority-data');
  return {
    server: cluster.get('server'),
    ca: typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined,
  };
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

const change = (path: string, ctx: Context, edit: (document: Document) => boolean): Promise<void> =>
  changeLocked(
    path,
    (text) => {
      const document: Document = parseKubeconfig(text, path);
      if (!isMap(document.contents)) document.contents = document.createNode({});
      return edit(document) ? document.toString({ lineWidth: 0 }) : undefined;
    },
    ctx,
  );

function setDefault(document: Document, key: string, value: string): void {
  if (!document.has(key)) document.set(key, value);
}

function listOf(document: Document, list: string): YAMLSeq | undefined {
  const found = document.get(list, true);
  return isSeq(found) ? found : undefined;
}

const named = (name: string) => (item: unknown) => isMap(item) && (item as YAMLMap).get('name') === name;

/** What the entry of that name holds: the map at `cluster`, `user` or `context`. */
function memberOf(document: Document, list: (typeof lists)[number], name: string): YAMLMap | undefined {
  const entry = listOf(document, list)?.items.find(named(name)) as YAMLMap | undefined;
  const member = entry?.get(list.slice(0, -1));
  return isMap(member) ? member : undefined;
}

function putEntry(document: Document, list: string, name: string, member: string, value: object): void {
  if (!listOf(document, list)) document.set(list, document.createNode([]));
  const entries = listOf(document, list)!;
  entries.flow = false;
  const existing = entries.items.find(named(name)) as YAMLMap | undefined;
  if (existing) existing.set(member, document.createNode(value));
  else entries.add(document.createNode({ name, [member]: value }));
}

function dropEntry(document: Document, list: string, name: string): void {
  const entries = listOf(document, list);
  if (entries) entries.items = entries.items.filter((item) => !named(name)(item));
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
