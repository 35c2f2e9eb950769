import type { Metrics } from '@kubernest/kit';
import { Global, Module } from '@nestjs/common';
import type { RemoteApi } from '../config/config.ts';
import { API_ACCESS, APISERVER_CONFIG, CREDENTIALS, METRICS } from '../tokens.ts';
import { overHttps, type RemoteAccess } from './over-https.ts';

/** The way to the API from a process without its server. */
@Global()
@Module({
  providers: [
    {
      provide: API_ACCESS,
      inject: [APISERVER_CONFIG, METRICS],
      useFactory: ({ kubeconfig }: RemoteApi, metrics: Metrics) => overHttps(kubeconfig, metrics),
    },
    { provide: CREDENTIALS, inject: [API_ACCESS], useFactory: ({ credentials }: RemoteAccess) => credentials },
  ],
  exports: [API_ACCESS, CREDENTIALS],
})
export class OverHttpsModule {}
