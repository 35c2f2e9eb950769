import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/engine';
import type { Store } from '@kubernest/store/contract';
import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Config } from '../config/config.ts';
import { StoreModule } from '../store/store.module.ts';
import { API_SERVER, APISERVER, APISERVER_CONFIG, CONFIG, CONTEXT, SECRETS, STORE } from '../tokens.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import { apiserver } from './apiserver.ts';
import { makeApiServer } from './make-api-server.ts';
import { openSecrets, type ServerSecrets } from './secrets.ts';

@Module({
  imports: [StoreModule],
  providers: [
    { provide: SECRETS, inject: [APISERVER_CONFIG, STORE, CONTEXT], useFactory: openSecrets },
    { provide: API_SERVER, inject: [APISERVER_CONFIG, STORE, SECRETS, CONTEXT], useFactory: makeApiServer },
    {
      provide: APISERVER,
      inject: [CONFIG, APISERVER_CONFIG, STORE, SECRETS, API_SERVER, HttpAdapterHost],
      useFactory: (
        { components, controllers }: Config,
        config: ApiserverConfig,
        store: Store,
        secrets: ServerSecrets,
        apiServer: ApiServer,
        { httpAdapter }: HttpAdapterHost,
      ) => {
        const dashboard = components.has('dashboard') ? (httpAdapter.getHttpServer() as HttpServer) : undefined;
        return apiserver({ config, controllers, store, secrets, apiServer, dashboard });
      },
    },
  ],
  exports: [SECRETS, API_SERVER, APISERVER, StoreModule],
})
export class ApiserverModule {}
