import { Global, Module } from '@nestjs/common';
import type { RemoteApi } from '../config/config.ts';
import { API_ACCESS, APISERVER_CONFIG } from '../tokens.ts';
import { overHttps } from './over-https.ts';

/** The way to the API from a process without its server. */
@Global()
@Module({
  providers: [
    {
      provide: API_ACCESS,
      inject: [APISERVER_CONFIG],
      useFactory: ({ kubeconfig }: RemoteApi) => overHttps(kubeconfig),
    },
  ],
  exports: [API_ACCESS],
})
export class OverHttpsModule {}
