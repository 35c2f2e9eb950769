import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { demandRegularFile, fileFault, readYaml, YamlFault, type YamlText } from '@kubernest/process';
import type { Document } from 'yaml';
import type { HttpTransportOptions } from '../http/http-transport.ts';

export interface KubeconfigCluster {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}
export interface KubeconfigUser {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: unknown;
  readonly 'auth-provider'?: unknown;
}
export interface KubeconfigContext {
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

/** A kubeconfig, merged from its files: of two entries with one name the first counts. Paths in it are absolute. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
}

/**
 * `HOME`, and where that is empty what the machine has for this user: an empty path would mean whatever folder one is in, and so would one that
 * does not begin at the root.
 */
export function userHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HOME && !isAbsolute(env.HOME))
    throw new Error(`HOME is "${env.HOME}", which is another place in every folder: set it to a whole path`);
  if (env.HOME) return env.HOME;
  try {
    return userInfo().homedir;
  } catch (error) {
    throw new Error('HOME is not set, and this user has no home on this machine: set HOME', { cause: error });
  }
}

/** The files that kubectl would read: `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigPaths(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(userHome(env), '.kube', 'config')];
}

/** Reads and merges. Files that do not exist are skipped, as kubectl does; a file that is not a kubeconfig throws, naming it. */
export function loadKubeconfig(paths: readonly string[] = kubeconfigPaths()): Kubeconfig {
  const clusters = new Map<string, KubeconfigCluster>();
  const users = new Map<string, KubeconfigUser>();
  const contexts = new Map<string, KubeconfigContext>();
  let currentContext: string | undefined;
  for (const path of paths.filter((p) => existsSync(p))) {
    const file = parseKubeconfig(
      readNamed(path, 'the kubeconfig').toString('utf8'),
      path,
    ).toJS() as RawKubeconfig | null;
    if (!file) continue;
    const current = file['current-context'];
    if (typeof current === 'string') currentContext ??= current || undefined;
    const base = dirname(resolve(path));
    addAll(clusters, file.clusters, 'cluster', (c) => absolute(c, base, ['certificate-authority']));
    addAll(users, file.users, 'user', (u) => absolute(u, base, ['client-certificate', 'client-key', 'tokenFile']));
    addAll(contexts, file.contexts, 'context', (c) => c);
  }
  return { currentContext, clusters, users, contexts };
}

/** What a transport needs for one context (the current one unless named). */
export function transportOptionsOf(config: Kubeconfig, contextName = config.currentContext): HttpTransportOptions {
  if (!contextName) throw new Error('the kubeconfig has no current context: name one');
  const context = config.contexts.get(contextName);
  if (!context) throw new Error(`the kubeconfig has no context "${contextName}"`);
  const cluster = config.clusters.get(context.cluster);
  if (!cluster)
    throw new Error(
      `context "${contextName}" names the cluster "${context.cluster}", which the kubeconfig does not have`,
    );
  const user = config.users.get(context.user) ?? {};
  if (user.exec || user['auth-provider'])
    throw new Error(`user "${context.user}" asks for a credential plugin, which is not supported`);
  return {
    server: cluster.server,
    ca: dataOrFile(cluster['certificate-authority-data'], cluster['certificate-authority']),
    cert: dataOrFile(user['client-certificate-data'], user['client-certificate']),
    key: dataOrFile(user['client-key-data'], user['client-key']),
    token: user.token,
    tokenFile: user.tokenFile,
    serverName: cluster['tls-server-name'],
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'],
  };
}

interface RawKubeconfig {
  readonly 'current-context'?: unknown;
  readonly clusters?: readonly unknown[] | null;
  readonly users?: readonly unknown[] | null;
  readonly contexts?: readonly unknown[] | null;
}

/** The file as a document that keeps comments and order. Throws, naming the file, for what is not a kubeconfig. */
export function parseKubeconfig(text: string, path: string): Document.Parsed {
  const { document, content } = readKubeconfig(text, path);
  if (content === null || content === undefined) return document;
  const kind = typeof content === 'object' ? (content as { kind?: unknown }).kind : undefined;
  if (typeof content !== 'object' || Array.isArray(content) || (kind !== undefined && kind !== 'Config')) {
    throw new Error(`${path} is not a kubeconfig: it must be a mapping with "kind: Config"`);
  }
  for (const list of ['clusters', 'users', 'contexts']) {
    const value = (content as Record<string, unknown>)[list];
    if (value !== undefined && value !== null && !Array.isArray(value))
      throw new Error(`${path} is not a kubeconfig: "${list}" must be a list`);
  }
  return document;
}

function readKubeconfig(text: string, path: string): YamlText {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    throw new Error(
      `${path} is not a kubeconfig: ${error.message}. Mend it, move it away, or name another file with KUBECONFIG`,
      { cause: error },
    );
  }
}

/** What is no entry is passed over, as kubectl does. */
function addAll<T extends object>(
  into: Map<string, T>,
  entries: readonly unknown[] | null | undefined,
  member: string,
  finish: (value: T) => T,
): void {
  for (const entry of entries ?? []) {
    if (!isObject(entry)) continue;
    const { name, [member]: value } = entry;
    if (typeof name === 'string' && !into.has(name)) into.set(name, finish((isObject(value) ? value : {}) as T));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function absolute<T extends object>(value: T, base: string, members: readonly string[]): T {
  const copy = { ...value } as Record<string, unknown>;
  for (const member of members) if (typeof copy[member] === 'string') copy[member] = resolve(base, copy[member]);
  return copy as T;
}

function dataOrFile(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, 'base64');
  return file ? readNamed(file, 'a file that the kubeconfig names,') : undefined;
}

function readNamed(file: string, what: string): Buffer {
  try {
    demandRegularFile(file);
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${what} ${file} cannot be read: ${fileFault(error)}`, { cause: error });
  }
}
