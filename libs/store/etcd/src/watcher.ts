import { CompactedError, type StoreEvent, StoreUnavailableError, type WatchBatch } from '@kubernest/store/contract';
import type { Etcd3, IWatchResponse } from 'etcd3';
import { faultOf } from './faults.ts';
import type { KeySpace } from './key-space.ts';
import { endOf, revisionOf, wholeOf } from './revisions.ts';
import { entryOf } from './transactions.ts';

export interface WatcherOptions {
  readonly client: Etcd3;
  readonly keys: KeySpace;
  readonly prefix: string;
  readonly after: number;
  readonly onBatch: (batch: WatchBatch) => void;
}

type Stream = Awaited<ReturnType<Etcd3['watchClient']['watch']>> & {
  cancel?(): void;
  removeAllListeners?(event: string): void;
};

/**
 * One etcd watch on a stream of its own, over our whole key space: every revision of ours arrives, so that `seen` tells what is not
 * missing even when nothing matches. Never reconnects: who watched starts again from what it saw, so that no gap can hide here.
 */
export class Watcher {
  seen: number;
  readonly done: Promise<never>;
  #stream: Stream | undefined;
  #end: (reason: unknown) => void = () => {};
  #ended = false;

  constructor(private readonly options: WatcherOptions) {
    this.seen = options.after;
    this.done = new Promise((_, reject) => {
      this.#end = (reason) => {
        this.#ended = true;
        reject(reason);
        this.#close();
      };
    });
    this.done.catch(() => {});
    this.#open().catch((error) => this.end(faultOf(error)));
  }

  end(reason: unknown): void {
    if (!this.#ended) this.#end(reason);
  }

  async #open(): Promise<void> {
    const { client, keys, after } = this.options;
    const stream: Stream = await client.watchClient.watch();
    this.#stream = stream;
    stream.on('error', (error: Error) => this.end(faultOf(error)));
    stream.on('end', () => this.end(new StoreUnavailableError('etcd ended the watch')));
    stream.on('data', (response: IWatchResponse) => this.#see(response));
    if (this.#ended) {
      this.#close();
      return;
    }
    // Starts at the last revision wholly seen, not above it: etcd refuses what is below its compacted revision, which that must not be.
    stream.write({ create_request: { ...keys.all, start_revision: Math.max(1, wholeOf(after)) } });
  }

  // Our own cancelling is no fault of etcd's: the client would drop its connections for it.
  #close(): void {
    this.#stream?.removeAllListeners?.('error');
    this.#stream?.on('error', () => {});
    this.#stream?.cancel?.();
  }

  #see(response: IWatchResponse): void {
    if (this.#ended) return;
    if (response.canceled || Number(response.compact_revision) > 0) {
      const compacted = Number(response.compact_revision);
      const away = new StoreUnavailableError(`etcd cancelled the watch: ${response.cancel_reason}`);
      this.end(compacted > 0 ? new CompactedError(endOf(compacted)) : away);
      return;
    }
    const last = response.events.at(-1);
    if (!last) return;
    const revision = endOf(last.kv.mod_revision);
    if (revision <= this.seen) return;
    const events = this.#unpack(response);
    this.seen = revision;
    try {
      this.options.onBatch({ events, revision });
    } catch (error) {
      this.end(error);
    }
  }

  /** What was not seen yet, in the order of our revisions, which etcd's order within one of its own is not. */
  #unpack({ events }: IWatchResponse): StoreEvent[] {
    const { keys, prefix } = this.options;
    const unpacked = events.flatMap(({ type, kv }): StoreEvent[] => {
      if (kv.key.equals(keys.tick)) return [];
      const key = keys.decode(kv.key);
      if (!key.startsWith(prefix)) return [];
      if (type === 'Put') return [{ type: 'put', entry: entryOf(kv, keys) }];
      return [{ type: 'delete', key, revision: revisionOf(kv.mod_revision, key) }];
    });
    return unpacked
      .filter((event) => revisionOfEvent(event) > this.seen)
      .sort((a, b) => revisionOfEvent(a) - revisionOfEvent(b));
  }
}

const revisionOfEvent = (event: StoreEvent): number => (event.type === 'put' ? event.entry.revision : event.revision);
