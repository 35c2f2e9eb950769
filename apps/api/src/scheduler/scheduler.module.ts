import { Module } from '@nestjs/common';
import { API_ACCESS, SCHEDULER } from '../tokens.ts';
import { scheduler } from './scheduler.ts';

@Module({
  providers: [{ provide: SCHEDULER, inject: [API_ACCESS], useFactory: scheduler }],
  exports: [SCHEDULER],
})
export class SchedulerModule {}
