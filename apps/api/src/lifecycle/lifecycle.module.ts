import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { type BeforeApplicationShutdown, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiserverModule } from '../apiserver/apiserver.module.ts';
import type { ServerSecrets } from '../apiserver/secrets.ts';
import type { Config } from '../config.ts';
import { API_SERVER, CONFIG, CONTEXT, SECRETS, STORE } from '../tokens.ts';
import { controlPlane } from './control-plane.ts';

/** Nest's lifecycle hooks, mapped to the one group of what runs. */
@Module({ imports: [ApiserverModule] })
export class LifecycleModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #done: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CONTEXT) private readonly ctx: Context,
    @Inject(STORE) private readonly store: Store,
    @Inject(SECRETS) private readonly secrets: ServerSecrets,
    @Inject(API_SERVER) private readonly apiServer: ApiServer,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { config, store, secrets, apiServer } = this;
    // Nest leaves this to listen(), which is never called.
    await this.http.httpAdapter.getInstance<{ ready(): Promise<void> }>().ready();
    const nest = this.http.httpAdapter.getHttpServer() as HttpServer;
    const dashboard = config.components.has('dashboard') ? nest : undefined;
    const signal = AbortSignal.any([this.ctx.signal, this.#stop.signal]);
    const { done } = await controlPlane({ config, store, secrets, apiServer, dashboard }).start({
      ...this.ctx,
      signal,
    });
    this.#done = done;
  }

  /** Settles when the control plane has ended; rejects on a fault. */
  done(): Promise<void> {
    return this.#done ?? Promise.resolve();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort(new DOMException('the control plane stops', 'AbortError'));
    await this.#done?.catch(() => {}); // whoever waits on done() has the fault
  }
}
