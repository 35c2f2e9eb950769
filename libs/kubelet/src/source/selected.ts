import type { Client } from '@kubernest/client';
import { Backoff, type Context, isAborted, messageOf } from '@kubernest/kit';
import { isExpired, type KubeObject, keyOf, type ResourceRef } from '@kubernest/meta';

export interface Selection {
  readonly namespace?: string;
  readonly fieldSelector: string;
}

/**
 * The few objects that concern this node (its pods, itself, one ConfigMap), kept by list and watch with a field selector: the node
 * authorizer lets an agent see no more, so it cannot share a cluster-wide informer.
 */
export class SelectedObjects<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  #synced = false;
  readonly #waiters: (() => void)[] = [];

  constructor(
    private readonly client: Client,
    private readonly ref: ResourceRef,
    private readonly selection: Selection,
    private readonly onChange: (key: string, object: T | undefined, old: T | undefined) => void,
  ) {}

  get synced(): boolean {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    if (this.#synced) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async run(ctx: Context): Promise<void> {
    const backoff = new Backoff({ initial: 100, max: 10_000 });
    while (!ctx.signal.aborted) {
      try {
        await this.#round(ctx, () => backoff.forget(''));
      } catch (error) {
        if (ctx.signal.aborted) return;
        const quiet = isExpired(error) || isAborted(error) || backoff.failures('') > 0;
        if (!quiet)
          ctx.log.warn('a watch broke; listing again', {
            resource: this.ref.resource,
            ...this.selection,
            error: messageOf(error),
          });
        await ctx.clock.sleep(backoff.next(''), ctx.signal).catch(() => {});
      }
    }
  }

  async #round(ctx: Context, succeeded: () => void): Promise<void> {
    const resource = this.client.resource<T>(this.ref);
    const list = await resource.list(this.selection, ctx);
    succeeded();
    this.#replace(list.items);
    let version = list.metadata.resourceVersion;
    while (!ctx.signal.aborted) {
      const options = { ...this.selection, resourceVersion: version, allowBookmarks: true };
      await resource.watch(
        options,
        (event) => {
          version = event.object.metadata?.resourceVersion ?? version;
          if (event.type === 'ADDED' || event.type === 'MODIFIED') this.#put(event.object);
          else if (event.type === 'DELETED') this.#remove(event.object);
        },
        ctx,
      );
      // A server that ends watches at once must not be asked in a tight loop.
      await ctx.clock.sleep(50, ctx.signal).catch(() => {});
    }
  }

  #replace(items: readonly T[]): void {
    const keys = new Set(items.map(keyOf));
    for (const [key, old] of this.#objects) if (!keys.has(key)) this.#remove(old);
    for (const item of items) this.#put(item);
    if (this.#synced) return;
    this.#synced = true;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #put(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (
      old &&
      old.metadata.uid === object.metadata.uid &&
      old.metadata.resourceVersion === object.metadata.resourceVersion
    )
      return;
    if (old && old.metadata.uid !== object.metadata.uid) this.#remove(old);
    this.#objects.set(key, object);
    this.onChange(key, object, old && old.metadata.uid === object.metadata.uid ? old : undefined);
  }

  #remove(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (!old) return;
    this.#objects.delete(key);
    this.onChange(key, undefined, old);
  }
}
