import type { Client } from '@kubernest/client';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { KubeObject, ResourceRef, WatchEvent } from '@kubernest/meta';

export const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

/** Everything one watch told. */
export class Seen<T extends KubeObject> implements Disposable {
  readonly events: WatchEvent<T>[] = [];
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #ended: Error | undefined;

  /** Begins after `resourceVersion`. */
  constructor(
    client: Client,
    ref: ResourceRef,
    where: { readonly namespace?: string; readonly resourceVersion: string },
  ) {
    const told = (): void => {
      for (const look of [...this.#waiting]) look();
    };
    client
      .resource<T>(ref)
      .watch(
        where,
        (event) => {
          this.events.push(event);
          told();
        },
        { ...ctx, signal: this.#stop.signal },
      )
      .catch((error: unknown) => {
        this.#ended = error as Error;
        told();
      });
  }

  /** What happens in that namespace from now on. */
  static async from<T extends KubeObject>(client: Client, ref: ResourceRef, namespace: string): Promise<Seen<T>> {
    const { metadata } = await client.resource<T>(ref).list({ namespace, limit: 1 }, ctx);
    return new Seen<T>(client, ref, { namespace, resourceVersion: metadata.resourceVersion! });
  }

  /** Until what was told pleases. The test's own limit of time ends it otherwise. */
  until(pleases: (events: readonly WatchEvent<T>[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const fine = pleases(this.events);
        if (!fine && !this.#ended) return;
        this.#waiting.delete(look);
        if (fine) resolve();
        else reject(this.#ended);
      };
      this.#waiting.add(look);
      look();
    });
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}
