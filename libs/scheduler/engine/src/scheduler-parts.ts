import type { Client, InformerSet } from '@kubernest/client';
import type { Metrics, Runnable } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import type { NodeMisfit } from './decide.ts';
import type { SchedulerPlugin } from './plugin.ts';

/** Where Events about pods go; never throws. */
export interface SchedulerEvents {
  record(
    about: KubeObject,
    event: {
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
      readonly action?: string;
    },
  ): void;
}

export interface SchedulerParts {
  readonly client: Client;
  readonly informers: InformerSet;
  readonly plugins: readonly SchedulerPlugin[];
  readonly events: SchedulerEvents;
  /** Pods that name another scheduler are not ours. */
  readonly schedulerName: string;
  readonly metrics?: Metrics;
}

export interface Scheduler extends Runnable {
  /** Why the pod of that uid found no node at its last look: per node and plugin. Undefined when it is not waiting for one. */
  explain(uid: string): readonly NodeMisfit[] | undefined;
}
