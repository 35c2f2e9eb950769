import type { Context } from '@kubernest/kit';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Config } from './config.ts';
import { DashboardModule } from './dashboard/dashboard.module.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';
import { CONFIG, CONTEXT } from './tokens.ts';

@Global()
@Module({})
class SettingsModule {
  static of(config: Config, ctx: Context): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: CONTEXT, useValue: ctx },
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}

/** The control plane as one application: a module per plane. */
@Module({})
export class AppModule {
  static of(config: Config, ctx: Context): DynamicModule {
    const dashboard = config.components.has('dashboard') ? [DashboardModule] : [];
    return { module: AppModule, imports: [SettingsModule.of(config, ctx), ...dashboard, LifecycleModule] };
  }
}
