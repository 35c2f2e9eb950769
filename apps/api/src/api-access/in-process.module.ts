import { Global, Module } from '@nestjs/common';
import { ApiserverModule } from '../apiserver/apiserver.module.ts';
import { API_ACCESS, API_SERVER, APISERVER_CONFIG, METRICS, SECRETS } from '../tokens.ts';
import { inProcess } from './in-process.ts';

/** The way to the API beside its server. */
@Global()
@Module({
  imports: [ApiserverModule],
  providers: [{ provide: API_ACCESS, inject: [APISERVER_CONFIG, SECRETS, API_SERVER, METRICS], useFactory: inProcess }],
  exports: [API_ACCESS],
})
export class InProcessModule {}
