import { Module } from '@nestjs/common';
import { API_ACCESS, METRICS, SCHEDULER_PLANE } from '../tokens.ts';
import { scheduler } from './scheduler.ts';

@Module({
  providers: [{ provide: SCHEDULER_PLANE, inject: [API_ACCESS, METRICS], useFactory: scheduler }],
  exports: [SCHEDULER_PLANE],
})
export class SchedulerModule {}
