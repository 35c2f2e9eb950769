import { Module } from '@nestjs/common';
import { StoreModule } from '../store/store.module.ts';
import { API_SERVER, CONFIG, CONTEXT, SECRETS, STORE } from '../tokens.ts';
import { makeApiServer } from './make-api-server.ts';
import { openSecrets } from './secrets.ts';

@Module({
  imports: [StoreModule],
  providers: [
    { provide: SECRETS, inject: [CONFIG, STORE, CONTEXT], useFactory: openSecrets },
    { provide: API_SERVER, inject: [CONFIG, STORE, SECRETS, CONTEXT], useFactory: makeApiServer },
  ],
  exports: [SECRETS, API_SERVER, StoreModule],
})
export class ApiserverModule {}
