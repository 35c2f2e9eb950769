import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isNode, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { withKeptLines } from './kept-lines.ts';
import { parseKubeconfig } from './load.ts';
import { takeDocument } from './parsed.ts';
import { formOf, inForm, withPlainLines } from './text-form.ts';

/** One cluster, one user and one context, all of the same name. PEM as it is; encoding is done here. */
export interface KubeconfigEntry {
  readonly name: string;
  readonly server: string;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly namespace?: string;
  /** Where the cluster keeps its data: whose entry it is stays known when its authority is lost. */
  readonly dataDir?: string;
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
  /** As the entry says; undefined where it does not, or says it in another way. */
  readonly dataDir?: string;
}

/** The text of a kubeconfig after a change, in the form that it had; undefined where `edit` says that it has changed nothing. */
export function edited(text: string, path: string, edit: (document: Document) => boolean): string | undefined {
  const document = takeDocument(text, path);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const form = formOf(text);
  const before = document.toString(form.options);
  return edit(document) ? inForm(rewritten({ text, before, document }, path), form) : undefined;
}

interface Edited {
  readonly text: string;
  /** What the writer made of it. */
  readonly before: string;
  readonly document: Document;
}

/** As its own lines, unless what is new would then not mean the same beside them, such as in a file whose lists are indented differently. */
function rewritten({ text, before, document }: Edited, path: string): string {
  const after = document.toString(formOf(text).options);
  const own = withPlainLines(text);
  if (own === before) return after;
  const kept = withKeptLines(own, { before, after });
  try {
    return isDeepStrictEqual(parseKubeconfig(kept, path).toJS(), document.toJS()) ? kept : after;
  } catch {
    return after;
  }
}

export const currentContextOf = (document: Document): string => {
  const current = document.get('current-context');
  return typeof current === 'string' ? current : '';
};

export const hasContext = (document: Document, name: string): boolean =>
  listOf(document, 'contexts')?.items.some(named(name)) ?? false;

export const hasEntry = (document: Document, name: string): boolean =>
  lists.some((list) => listOf(document, list)?.items.some(named(name)));

const lists = ['clusters', 'users', 'contexts'] as const;

/** What of that name would be lost to somebody else if it were replaced, and whose it is. */
export function othersOf(document: Document, { name, owns }: OwnEntry): string | undefined {
  const cluster = memberOf(document, 'clusters', name);
  if (cluster && !owns(peerOf(cluster))) return `for another cluster (${cluster.get('server') ?? 'no address'})`;
  const context = memberOf(document, 'contexts', name);
  for (const part of ['cluster', 'user'])
    if (context && context.get(part) !== name) return `as a context of the ${part} "${context.get(part)}"`;
  if (!cluster && memberOf(document, 'users', name)) return 'as a user without a cluster';
  return undefined;
}

/** The name of our extension in the entry of a cluster, where Kubernetes lets programs keep words of their own. */
const extensionName = 'kubernest';

function peerOf(cluster: YAMLMap): KubeconfigPeer {
  const data = cluster.get('certificate-authority-data');
  const extensions = cluster.get('extensions');
  const own = isSeq(extensions) ? (extensions.items.find(named(extensionName)) as YAMLMap | undefined) : undefined;
  const dataDir = own?.getIn(['extension', 'data-dir']);
  return {
    server: cluster.get('server'),
    ca: typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : undefined,
    dataDir: typeof dataDir === 'string' ? dataDir : undefined,
  };
}

/** Adds the entry, or replaces that of its name. */
export function putKubeconfigEntry(document: Document, entry: KubeconfigEntry): void {
  setDefault(document, 'apiVersion', 'v1');
  setDefault(document, 'kind', 'Config');
  const { name } = entry;
  // Which namespace is customary there is the user's affair by now.
  const namespace = entry.namespace ?? memberOf(document, 'contexts', name)?.get('namespace');
  putMember(document, 'clusters', name, clusterOf(entry));
  putMember(document, 'users', name, userOf(entry));
  putMember(document, 'contexts', name, { cluster: name, user: name, ...(namespace ? { namespace } : {}) });
}

export const clusterOf = ({ server, ca, dataDir }: KubeconfigEntry): object => ({
  server,
  'certificate-authority-data': base64(ca),
  ...(dataDir ? { extensions: [{ name: extensionName, extension: { 'data-dir': dataDir } }] } : {}),
});

export const userOf = ({ cert, key, token }: KubeconfigEntry): object => ({
  ...(cert ? { 'client-certificate-data': base64(cert) } : {}),
  ...(key ? { 'client-key-data': base64(key) } : {}),
  ...(token ? { token } : {}),
});

/** Takes out all of that name. */
export function dropEntry(document: Document, name: string): void {
  for (const list of lists) {
    const entries = listOf(document, list);
    if (!entries?.items.some(named(name))) continue;
    entries.items = entries.items.filter((item) => !named(name)(item));
    if (entries.items.length > 0) continue;
    // It may not have been there before: without it a file says the same. Not so where somebody has written something beside it.
    if (hasComment(document, list)) entries.flow = true;
    else document.delete(list);
  }
}

function hasComment({ contents }: Document, key: string): boolean {
  const pair = isMap(contents)
    ? contents.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
    : undefined;
  return [pair?.key, pair?.value].some((node) => isNode(node) && Boolean(node.commentBefore || node.comment));
}

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

function putMember(document: Document, list: (typeof lists)[number], name: string, value: object): void {
  if (!listOf(document, list)) document.set(list, document.createNode([]));
  const entries = listOf(document, list)!;
  entries.flow = false;
  const member = list.slice(0, -1);
  const existing = entries.items.find(named(name)) as YAMLMap | undefined;
  if (existing) existing.set(member, document.createNode(value));
  else entries.add(document.createNode({ name, [member]: value }));
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
