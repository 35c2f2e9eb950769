import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@kubernest/client';
import { isExpired, isNotFound, type KubeObject, type ResourceRef, type WatchEvent } from '@kubernest/meta';
import type { StoreEvent } from '@kubernest/store/contract';
import { ctx } from './seen.ts';

/** A list, and what watches told after it without a gap. */
export interface Stretch {
  readonly from: number;
  readonly listed: ReadonlyMap<string, number>;
  /** `ADDED name@revision` */
  readonly events: string[];
  /** Told up to there. */
  last: number;
  /** Why it could not go on. */
  end?: 'expired' | 'not found';
}

export interface FollowingOptions {
  readonly client: Client;
  readonly ref: ResourceRef;
  readonly namespace: string;
}

const revisionOf = ({ metadata }: { readonly metadata: { readonly resourceVersion?: string } }): number =>
  Number(metadata.resourceVersion);

/** One who lists and watches, and does so again whatever breaks, as clients do. */
export class Following {
  readonly stretches: Stretch[] = [];
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(private readonly options: FollowingOptions) {
    this.#done = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #follow(): Promise<void> {
    let stretch: Stretch | undefined;
    while (!this.#stop.signal.aborted) {
      try {
        stretch ??= await this.#list();
        await this.#watch(stretch);
      } catch (error) {
        const end = isExpired(error) ? 'expired' : isNotFound(error) ? 'not found' : undefined;
        if (end && stretch) stretch.end = end;
        if (end) stretch = undefined;
        await sleep(20);
      }
    }
  }

  async #list(): Promise<Stretch> {
    const { client, ref, namespace } = this.options;
    const { items, metadata } = await client.resource(ref).list({ namespace }, ctx);
    const from = revisionOf({ metadata });
    const listed = new Map(items.map((item) => [item.metadata.name!, revisionOf(item)]));
    const stretch: Stretch = { from, listed, events: [], last: from };
    this.stretches.push(stretch);
    return stretch;
  }

  async #watch(stretch: Stretch): Promise<void> {
    const { client, ref, namespace } = this.options;
    const told = ({ type, object }: WatchEvent<KubeObject>): void => {
      if (type === 'BOOKMARK') return;
      stretch.last = revisionOf(object);
      stretch.events.push(`${type} ${object.metadata.name}@${stretch.last}`);
    };
    const where = { namespace, resourceVersion: String(stretch.last) };
    await client.resource(ref).watch(where, told, { ...ctx, signal: this.#stop.signal });
  }
}

/** What is wrong with a stretch beside all that happened in the store below that prefix. */
export function faultsOf(stretch: Stretch, history: readonly StoreEvent[], prefix: string): readonly string[] {
  const present = new Map<string, number>();
  const expected: string[] = [];
  let isBegun = false;
  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    if (!isSame(present, stretch.listed))
      faults.push(`listed at ${stretch.from}: ${[...stretch.listed]}, there was ${[...present]}`);
  };
  const faults: string[] = [];
  for (const event of history) {
    const [key, revision] =
      event.type === 'put' ? [event.entry.key, event.entry.revision] : [event.key, event.revision];
    if (!key.startsWith(prefix) || revision > stretch.last) continue;
    if (revision > stretch.from) begin();
    const name = key.slice(prefix.length);
    const type = event.type === 'delete' ? 'DELETED' : present.has(name) ? 'MODIFIED' : 'ADDED';
    if (revision > stretch.from) expected.push(`${type} ${name}@${revision}`);
    if (event.type === 'put') present.set(name, revision);
    else present.delete(name);
  }
  begin();
  const at = expected.findIndex((each, i) => each !== stretch.events[i]);
  if (at >= 0 || expected.length !== stretch.events.length)
    faults.push(
      `told since ${stretch.from}: …${stretch.events.slice(Math.max(0, at - 2), at + 2)}, happened: …${expected.slice(Math.max(0, at - 2), at + 2)}`,
    );
  // A kind that goes takes its objects with it, and says so before its watches end.
  if (stretch.end === 'not found' && present.size > 0) faults.push(`ended with ${[...present.keys()]} still there`);
  return faults;
}

const isSame = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([name, revision]) => b.get(name) === revision);
