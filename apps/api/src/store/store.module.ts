import type { Context, Metrics } from '@kubernest/kit';
import { etcdPrefix } from '@kubernest/process';
import type { Store } from '@kubernest/store/contract';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APISERVER_CONFIG, CONTEXT, METRICS, STORE } from '../tokens.ts';
import { countedStore } from './counted-store.ts';
import { mustNotBeLost, orBeginAnew, sqliteDirectory } from './lost-state.ts';
import type { StoreConfig } from './store.config.ts';

/** An adapter is loaded when it is used: etcd's client costs more to load than the whole API server. */
async function openStore(config: StoreConfig, _ctx: Context): Promise<Store> {
  if (config.store === 'sqlite') {
    mustNotBeLost(config);
    const { openSqliteStore, StoreDamagedError } = await import('@kubernest/store/sqlite');
    return await openSqliteStore({ directory: sqliteDirectory(config) }).catch((error: unknown) => {
      throw error instanceof StoreDamagedError ? orBeginAnew(config, error.message) : error;
    });
  }
  const { openEtcdStore } = await import('@kubernest/store/etcd');
  return await openEtcdStore({ endpoints: config.store, prefix: etcdPrefix(config.name) });
}

const openCounted = async (config: StoreConfig, ctx: Context, metrics: Metrics): Promise<Store> =>
  countedStore(await openStore(config, ctx), metrics);

@Module({
  providers: [{ provide: STORE, inject: [APISERVER_CONFIG, CONTEXT, METRICS], useFactory: openCounted }],
  exports: [STORE],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Last of all: everything that writes has stopped by then. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
