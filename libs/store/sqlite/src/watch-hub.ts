import type { StoreEvent, WatchBatch } from '@kubernest/store/contract';

interface Watcher {
  readonly prefix: string;
  readonly onBatch: (batch: WatchBatch) => void;
  readonly onEnd: (reason: unknown) => void;
}

/** Hands each durable batch to every live watcher, at once and in order. */
export class WatchHub {
  readonly #watchers = new Set<Watcher>();

  constructor(
    /** Everything up to here has been handed out. */
    public revision: number,
  ) {}

  get idle(): boolean {
    return this.#watchers.size === 0;
  }

  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  publish(events: readonly StoreEvent[], revision: number): void {
    if (revision === this.revision) return;
    this.revision = revision;
    for (const watcher of [...this.#watchers]) {
      try {
        watcher.onBatch({ events: select(events, watcher.prefix), revision });
      } catch (error) {
        this.#watchers.delete(watcher);
        watcher.onEnd(error);
      }
    }
  }

  /** Ends every watcher: what they have seen may no longer connect to what comes. */
  end(reason: unknown): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher.onEnd(reason);
  }
}

function select(events: readonly StoreEvent[], prefix: string): readonly StoreEvent[] {
  const matches = (event: StoreEvent) => (event.type === 'put' ? event.entry.key : event.key).startsWith(prefix);
  return events.every(matches) ? events : events.filter(matches);
}
