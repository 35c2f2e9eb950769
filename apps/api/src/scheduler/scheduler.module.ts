import { Module } from '@nestjs/common';
import { API_ACCESS, METRICS, SCHEDULER } from '../tokens.ts';
import { scheduler } from './scheduler.ts';

@Module({
  providers: [{ provide: SCHEDULER, inject: [API_ACCESS, METRICS], useFactory: scheduler }],
  exports: [SCHEDULER],
})
export class SchedulerModule {}
