import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/contract';
import type { Context, Metrics } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Config } from '../config/config.ts';
import { StoreModule } from '../store/store.module.ts';
import {
  AGGREGATING,
  API_SERVER,
  APISERVER_CONFIG,
  APISERVER_PLANE,
  CONFIG,
  CONTEXT,
  DIALER,
  METRICS,
  SECRETS,
  STORE,
} from '../tokens.ts';
import { type Aggregating, aggregating } from './aggregating.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import { apiserver } from './apiserver.ts';
import { type DialerOf, oneDialer } from './dialing.ts';
import { makeApiServer } from './make-api-server.ts';
import { openSecrets, type ServerSecrets } from './secrets.ts';

@Module({
  imports: [StoreModule],
  providers: [
    { provide: SECRETS, inject: [APISERVER_CONFIG, STORE, CONTEXT], useFactory: openSecrets },
    { provide: DIALER, inject: [APISERVER_CONFIG, SECRETS, CONTEXT], useFactory: oneDialer },
    { provide: AGGREGATING, inject: [DIALER, SECRETS, METRICS], useFactory: aggregating },
    {
      provide: API_SERVER,
      inject: [APISERVER_CONFIG, STORE, SECRETS, DIALER, METRICS, AGGREGATING, CONTEXT],
      useFactory: (
        config: ApiserverConfig,
        store: Store,
        secrets: ServerSecrets,
        dialer: DialerOf,
        metrics: Metrics,
        aggregating: Aggregating,
        ctx: Context,
      ) => makeApiServer({ config, store, secrets, dialer, metrics, aggregating }, ctx),
    },
    {
      provide: APISERVER_PLANE,
      inject: [CONFIG, APISERVER_CONFIG, STORE, SECRETS, DIALER, METRICS, AGGREGATING, API_SERVER, HttpAdapterHost],
      useFactory: (
        { components, controllers }: Config,
        config: ApiserverConfig,
        store: Store,
        secrets: ServerSecrets,
        dialer: DialerOf,
        metrics: Metrics,
        aggregating: Aggregating,
        apiServer: ApiServer,
        { httpAdapter }: HttpAdapterHost,
      ) => {
        const dashboard = components.has('dashboard') ? (httpAdapter.getHttpServer() as HttpServer) : undefined;
        return apiserver({ config, controllers, store, secrets, dialer, metrics, aggregating, apiServer, dashboard });
      },
    },
  ],
  exports: [SECRETS, API_SERVER, APISERVER_PLANE, StoreModule],
})
export class ApiserverModule {}
