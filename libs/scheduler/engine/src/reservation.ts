import { tellEach } from '@kubernest/kit';
import type { NodeView, PodObject, SchedulerPlugin } from './plugin.ts';
import { ask } from './plugin-fault.ts';

/** What plugins took for a pod on a node. */
export interface Reservation {
  /** Gives all of it back, the last taken first. Never throws: what an undo throws goes to `onFault`, and the others are still called. */
  undo(): void;
}

export interface ReserveOrder {
  readonly plugins: readonly SchedulerPlugin[];
  readonly pod: PodObject;
  readonly node: NodeView;
  readonly onFault: (fault: unknown) => void;
}

/** All plugins take what they take, or none does: when one throws, those before it give back and the fault goes on. */
export function reserveAll({ plugins, pod, node, onFault }: ReserveOrder): Reservation {
  const undos: { readonly plugin: SchedulerPlugin; readonly undo: () => void }[] = [];
  const undo = (): void =>
    tellEach(undos.splice(0).reverse(), ({ plugin, undo: one }) => ask(plugin, 'reserve', one), onFault);
  try {
    for (const plugin of plugins) {
      const taken = ask(plugin, 'reserve', () => plugin.reserve?.(pod, node));
      if (taken) undos.push({ plugin, undo: taken });
    }
  } catch (fault) {
    undo();
    throw fault;
  }
  return { undo };
}
