import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, TerminalError } from '@kubernest/kit';
import { hasClusterSecrets } from '@kubernest/pki';
import { commandName, emptyingEtcd, forShell } from '@kubernest/process';
import type { Store } from '@kubernest/store/contract';
import type { StoreConfig } from './store.config.ts';

/** What is written there once the store holds the authority that it is signed by: where it lies, a cluster has begun. */
const traces = ['pki/apiserver.crt', 'admin.kubeconfig'];

export const sqliteDirectory = (config: StoreConfig): string => join(config.dataDir, 'sqlite');

/** Refuses to begin a new cluster where the database of an existing one was lost. Before it is opened: that would make a new one. */
export function mustNotBeLost(config: StoreConfig): void {
  const file = join(sqliteDirectory(config), 'state.db');
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined || size === 0) mustBeNew(config, `${file} is ${size === 0 ? 'empty' : 'missing'}`);
}

/** The same for whatever store it is, once it is open. Resolves with whether the store holds a cluster. */
export async function holdsCluster(config: StoreConfig, store: Store, ctx: Context): Promise<boolean> {
  if (await hasClusterSecrets(store, ctx)) return true;
  const where =
    config.store === 'sqlite' ? `${sqliteDirectory(config)}/state.db` : `etcd at ${config.store.join(', ')}`;
  mustBeNew(config, `${where} holds no cluster "${config.name}"`);
  return false;
}

function mustBeNew(config: StoreConfig, what: string): void {
  const trace = traces.map((name) => join(config.dataDir, name)).find((file) => existsSync(file));
  if (!trace) return;
  throw new TerminalError(
    `${what}, but ${trace} shows that the cluster has run before: no new one is begun in its place. Put its state back from a backup, or remove what is left of it: ${purgeLine(config)}`,
  );
}

/** The fault with the way out for those who have no backup. */
export const orBeginAnew = (config: StoreConfig, message: string): TerminalError =>
  new TerminalError(`${message}, or begin anew without what it held: ${purgeLine(config)}`);

/** The same where the store is one that outlives the data directory: a purge leaves it as it is. */
export const orEmptyStore = (config: StoreConfig, message: string): TerminalError =>
  config.store === 'sqlite'
    ? new TerminalError(message)
    : new TerminalError(
        `${message}. Where nobody needs what it keeps, begin anew: ${emptyingEtcd(config.store, config.name)}`,
      );

const purgeLine = (config: StoreConfig): string =>
  `${commandName()} down --purge --name ${config.name} --data-dir ${forShell(config.dataDir)}`;
