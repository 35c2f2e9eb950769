import { Module } from '@nestjs/common';
import { API_ACCESS, CONTROLLERS, CONTROLLERS_CONFIG, METRICS } from '../tokens.ts';
import { controllers } from './controllers.ts';

@Module({
  providers: [{ provide: CONTROLLERS, inject: [CONTROLLERS_CONFIG, API_ACCESS, METRICS], useFactory: controllers }],
  exports: [CONTROLLERS],
})
export class ControllersModule {}
