import type { Milliseconds } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';

export interface Occurrence {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly action?: string;
  /** The part of the object that it is about, e.g. `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** What is to be written: a new Event when `count` is 1, else one more of a known one. */
export interface Counted {
  readonly occurrence: Occurrence;
  readonly name: string;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
}

/** As client-go has them: different messages of one reason within this time, from the tenth on, become one Event… */
const SIMILAR_FOR: Milliseconds = 600_000;
const SIMILAR_LIMIT = 10;
/** …and an object may have a burst of Events that refills slowly. */
const BURST = 25;
const REFILL_EVERY: Milliseconds = 300_000;
const KEPT = 4096;

/** Turns what happens into as few Events as tell of it: repeats are counted, similar ones combined, floods cut off. */
export class EventCorrelator {
  /** Without the objects they are about: thousands of those would be kept from the garbage collector. */
  readonly #known = new Map<string, Omit<Counted, 'occurrence' | 'last'>>();
  readonly #similar = new Map<string, { readonly messages: Set<string>; readonly last: Date }>();
  readonly #buckets = new Map<string, { readonly tokens: number; readonly at: Date }>();

  /** Undefined: too many about this object. */
  see(occurrence: Occurrence, now: Date): Counted | undefined {
    if (!this.#admits(occurrence, now)) return undefined;
    const { about, type, reason, fieldPath } = occurrence;
    const combined = this.#isOneOfMany(occurrence, now);
    const message = combined ? `(combined from similar events): ${occurrence.message}` : occurrence.message;
    const key = JSON.stringify([about.metadata.uid, fieldPath, type, reason, combined || message]);
    const before = this.#known.get(key);
    const counted = {
      name: before?.name ?? `${about.metadata.name}.${uniquePart(now)}`,
      count: (before?.count ?? 0) + 1,
      first: before?.first ?? now,
    };
    keep(this.#known, key, counted);
    return { ...counted, occurrence: { ...occurrence, message }, last: now };
  }

  #admits({ about }: Occurrence, now: Date): boolean {
    const key = about.metadata.uid ?? '';
    const before = this.#buckets.get(key) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, before.tokens + (+now - +before.at) / REFILL_EVERY);
    keep(this.#buckets, key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    return tokens >= 1;
  }

  #isOneOfMany({ about, type, reason, message }: Occurrence, now: Date): boolean {
    const key = JSON.stringify([about.metadata.uid, type, reason]);
    const before = this.#similar.get(key);
    const messages = before && +now - +before.last <= SIMILAR_FOR ? before.messages : new Set<string>();
    if (messages.size < SIMILAR_LIMIT) messages.add(message);
    keep(this.#similar, key, { messages, last: now });
    return messages.size >= SIMILAR_LIMIT;
  }
}

let uniques = 0;
/** Sixteen hex digits like client-go's, never the same twice in a process, whoever records. */
function uniquePart(now: Date): string {
  uniques = (uniques + 1) % 1_000_000;
  return (BigInt(now.getTime()) * 1_000_000n + BigInt(uniques)).toString(16).padStart(16, '0');
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT) map.delete(map.keys().next().value!);
}
