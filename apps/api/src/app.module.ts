import { type Context, Metrics } from '@kubernest/kit';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { InProcessModule } from './api-access/in-process.module.ts';
import { OverHttpsModule } from './api-access/over-https.module.ts';
import { ApiserverModule } from './apiserver/apiserver.module.ts';
import type { Config } from './config/config.ts';
import { ControllersModule } from './controllers/controllers.module.ts';
import { DashboardModule } from './dashboard/dashboard.module.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';
import { MonitoringModule } from './monitoring/monitoring.module.ts';
import { SchedulerModule } from './scheduler/scheduler.module.ts';
import {
  APISERVER_CONFIG,
  APISERVER_PLANE,
  CONFIG,
  CONTEXT,
  CONTROLLERS_CONFIG,
  CONTROLLERS_PLANE,
  CREDENTIALS,
  METRICS,
  MONITORING,
  SCHEDULER_PLANE,
} from './tokens.ts';

@Global()
@Module({})
class SettingsModule {
  static of(config: Config, ctx: Context): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: APISERVER_CONFIG, useValue: config.api },
      { provide: CONTROLLERS_CONFIG, useValue: config.controllers },
      { provide: CONTEXT, useValue: ctx },
      { provide: METRICS, useValue: new Metrics() },
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}

/** What may run, in the order it starts. */
const planes = [
  { component: 'apiserver', module: ApiserverModule, runs: APISERVER_PLANE },
  { component: 'controllers', module: ControllersModule, runs: CONTROLLERS_PLANE },
  { component: 'scheduler', module: SchedulerModule, runs: SCHEDULER_PLANE },
] as const;

/** What a process without the API server has in its place. */
const alone = [
  { module: OverHttpsModule, runs: CREDENTIALS },
  { module: MonitoringModule, runs: MONITORING },
];

/** The control plane as one application: a module per plane, of which some may run in a process of their own. */
@Module({})
export class AppModule {
  static of(config: Config, ctx: Context): DynamicModule {
    const { components } = config;
    const access = components.has('apiserver') ? [] : alone;
    const running = planes.filter(({ component }) => components.has(component));
    return {
      module: AppModule,
      imports: [
        SettingsModule.of(config, ctx),
        ...(components.has('apiserver') ? [InProcessModule] : []),
        ...(components.has('dashboard') ? [DashboardModule] : []),
        LifecycleModule.of([...access, ...running]),
      ],
    };
  }
}
