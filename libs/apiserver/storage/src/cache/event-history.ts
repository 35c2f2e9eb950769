import type { HistoryLimits } from '@kubernest/apiserver/contract';
import type { CacheEvent } from './resource-cache.ts';

/** So much of a limit is left when it was reached, so that not every event moves all others up. */
const KEPT = 7 / 8;

/** The newest changes of one resource, for watches that begin in the past. */
export class EventHistory {
  #events: CacheEvent[] = [];
  #bytes = 0;
  /** Every event above this revision is here. */
  #after = 0;

  constructor(private readonly limits: HistoryLimits) {}

  /** Earlier changes were not seen. */
  beginAt(revision: number): void {
    this.#events = [];
    this.#bytes = 0;
    this.#after = revision;
  }

  add(event: CacheEvent): void {
    this.#events.push(event);
    this.#bytes += sizeOf(event);
    const { events, bytes } = this.limits;
    if (this.#events.length > events || this.#bytes > bytes) this.#drop(events * KEPT, bytes * KEPT);
  }

  /** The oldest revision that a watch can go on from. */
  get begin(): number {
    return this.#after;
  }

  /** Events above `revision`, oldest first; undefined when some of them are no longer kept. */
  since(revision: number): readonly CacheEvent[] | undefined {
    if (revision < this.#after) return undefined;
    return this.#events.slice(this.#events.findLastIndex((event) => event.revision <= revision) + 1);
  }

  #drop(events: number, bytes: number): void {
    let count = 0;
    for (const event of this.#events) {
      if (this.#events.length - count <= events && this.#bytes <= bytes) break;
      this.#bytes -= sizeOf(event);
      this.#after = event.revision;
      count++;
    }
    this.#events.splice(0, count);
  }
}

/** What was before it is, as a rule, what an earlier event left behind. */
const sizeOf = (event: CacheEvent): number => event.entry.bytes.length;
