import type { Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import type { ApiServer } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { type BeforeApplicationShutdown, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ApiserverModule } from '../apiserver/apiserver.module.ts';
import type { ServerSecrets } from '../apiserver/secrets.ts';
import { API_SERVER, CONTEXT, SECRETS, STORE } from '../tokens.ts';
import { DashboardRoutes } from './dashboard.route.ts';
import { NothingHere } from './nothing-here.filter.ts';
import { Sessions } from './sessions.ts';
import { serveSockets } from './sockets.ts';
import { StaticFiles } from './static-files.ts';
import { StoreFaultFilter } from './store-fault.filter.ts';

/** The dashboard: pages, identity and sockets under /ui. */
@Module({
  imports: [ApiserverModule],
  controllers: [DashboardRoutes],
  providers: [
    { provide: APP_FILTER, useClass: NothingHere },
    { provide: APP_FILTER, useClass: StoreFaultFilter },
    {
      provide: Sessions,
      inject: [API_SERVER, STORE, SECRETS, CONTEXT],
      useFactory: (apiServer: ApiServer, store: Store, { sealingKey }: ServerSecrets, { clock }: Context) =>
        new Sessions(apiServer, store, { sealingKey, clock }),
    },
    { provide: StaticFiles, useFactory: () => new StaticFiles(join(import.meta.dirname, 'ui')) },
  ],
})
export class DashboardModule implements OnModuleInit, BeforeApplicationShutdown {
  #close = (): void => {};

  constructor(
    @Inject(API_SERVER) private readonly apiServer: ApiServer,
    @Inject(CONTEXT) private readonly ctx: Context,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    // No route reads a body; `kubectl create --raw /ui/links` sends one without a type.
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    fastify.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    this.#close = serveSockets(
      this.http.httpAdapter.getHttpServer() as HttpServer,
      this.apiServer,
      this.sessions,
      this.ctx,
    );
  }

  beforeApplicationShutdown(): void {
    this.#close();
  }
}
