import type { AdmissionCall, AdmissionPlugin, Joined, ObjectReader } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context, Metrics } from '@kubernest/kit';
import { qualifiedResource } from '@kubernest/meta';
import { AdmissionDurations } from './admission-durations.ts';

/** The plugins in their order, filtered once per resource and operation. */
export class AdmissionChain {
  readonly #durations: AdmissionDurations | undefined;
  readonly #selected = new WeakMap<ResourceDefinition, Map<string, readonly AdmissionPlugin[]>>();

  constructor(
    private readonly plugins: readonly AdmissionPlugin[],
    private readonly read: ObjectReader,
    metrics?: Metrics,
  ) {
    this.#durations = metrics && new AdmissionDurations(metrics);
  }

  /**
   * All of it, for what is not stored as it is seen. `between`: what is done with the object that was or was not changed, before it is
   * validated; resolves with what that returned.
   */
  async admit<R>(call: AdmissionCall, between: (hasChanged: boolean) => R | Promise<R>, ctx: Context): Promise<R> {
    const made = await between(await this.mutate(call, ctx));
    await this.validate(call, ctx);
    return made;
  }

  /** Whether any plugin changed the object. */
  mutate(call: AdmissionCall, ctx: Context): Promise<boolean> {
    const step = () => this.#mutate(call, ctx);
    return this.#durations?.of({ type: 'admit', operation: call.operation, step }, ctx) ?? step();
  }

  validate(call: AdmissionCall, ctx: Context): Promise<void> {
    const step = () => this.#validate(call, ctx);
    return this.#durations?.of({ type: 'validate', operation: call.operation, step }, ctx) ?? step();
  }

  async #mutate(call: AdmissionCall, ctx: Context): Promise<boolean> {
    let hasChanged = false;
    for (const plugin of this.#for(call)) {
      const answer = plugin.mutate?.(call, this.read, ctx);
      if (answer instanceof Promise ? await answer : answer) hasChanged = true;
    }
    return hasChanged;
  }

  async #validate(call: AdmissionCall, ctx: Context): Promise<void> {
    for (const plugin of this.#for(call)) {
      const pending = plugin.validate?.(call, this.read, ctx);
      if (pending) await pending;
    }
  }

  /** What belongs into the object's own transaction, gathered. */
  async joins(call: AdmissionCall, ctx: Context): Promise<Joined | undefined> {
    const gathered: Joined[] = [];
    try {
      for (const plugin of this.#for(call)) {
        const pending = plugin.joins?.(call, this.read, ctx);
        const joined = pending instanceof Promise ? await pending : pending;
        if (joined) gathered.push(joined);
      }
    } catch (error) {
      merge(gathered).lost?.();
      throw error;
    }
    return gathered.length > 0 ? merge(gathered) : undefined;
  }

  #for(call: AdmissionCall): readonly AdmissionPlugin[] {
    const { operation, info, definition } = call;
    const ofKind = this.#selected.getOrInsertComputed(definition, () => new Map());
    const key = `${operation} ${info.subresource}`;
    return ofKind.getOrInsertComputed(key, () => this.plugins.filter((plugin) => sees(plugin, call)));
  }
}

function sees({ sees: { on, resources, subresources = [''] } }: AdmissionPlugin, call: AdmissionCall): boolean {
  const { plural, group } = call.definition;
  // Anybody may declare a kind with the plural of another group's.
  const own = qualifiedResource({ group, resource: plural });
  const named = resources.some((name) => name === '*' || name === own);
  const { subresource } = call.info;
  return named && on.includes(call.operation) && (subresources.includes('*') || subresources.includes(subresource));
}

function merge(all: readonly Joined[]): Joined {
  return {
    notes: all.flatMap((joined) => joined.notes ?? []),
    unchanged: all.flatMap((joined) => joined.unchanged ?? []),
    lost: () => {
      for (const joined of all) joined.lost?.();
    },
    committed: () => {
      for (const joined of all) joined.committed?.();
    },
  };
}
