import { messageOf } from '@kubernest/kit';
import type { SchedulerPlugin } from './plugin.ts';

export type Step = 'gate' | 'prepare' | 'filter' | 'score' | 'reserve';

/** A plugin threw, or gave what is no answer, where it was asked about one pod. */
export class PluginFault extends Error {
  override readonly name = 'PluginFault';

  constructor(plugin: Pick<SchedulerPlugin, 'name'>, step: Step, cause: unknown) {
    super(`running ${step} of plugin ${JSON.stringify(plugin.name)}: ${messageOf(cause)}`, { cause });
  }
}

/** Asks a plugin; what it throws says who threw it. */
export function ask<T>(plugin: SchedulerPlugin, step: Step, question: () => T): T {
  try {
    return question();
  } catch (cause) {
    throw new PluginFault(plugin, step, cause);
  }
}
