import { Module } from '@nestjs/common';
import { API_ACCESS, CONTROLLERS_CONFIG, CONTROLLERS_PLANE, METRICS } from '../tokens.ts';
import { controllers } from './controllers.ts';

@Module({
  providers: [
    { provide: CONTROLLERS_PLANE, inject: [CONTROLLERS_CONFIG, API_ACCESS, METRICS], useFactory: controllers },
  ],
  exports: [CONTROLLERS_PLANE],
})
export class ControllersModule {}
