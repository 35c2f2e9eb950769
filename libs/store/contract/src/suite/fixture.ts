import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { CommitResult, Entry, Store, StoreEvent, WatchBatch, Write } from '../store.ts';

export interface StoreFixture {
  readonly store: Store;
  /** Lets the store's time pass; resolves when it has. A real store just waits. */
  pass(seconds: number): Promise<void>;
  /** A commit never waits: there is no backlog to be bounded. */
  readonly answersAtOnce?: boolean;
  /** Closes the store and removes what it left. */
  dispose(): Promise<void>;
}

export type Open = () => Promise<StoreFixture>;

export function context(signal: AbortSignal = new AbortController().signal): Context {
  return { signal, clock: systemClock, log: silentLogger };
}

export const ctx = context();
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);
export const put = (key: string, value = key): Write => ({ op: 'put', key, value: bytes(value) });
export const remove = (key: string): Write => ({ op: 'delete', key });
export const keysOf = (entries: readonly Entry[]): string[] => entries.map((entry) => entry.key);

/** Writes without conditions; the revision. */
export async function write(store: Store, ...writes: Write[]): Promise<number> {
  return revisionOf(await store.commit({ conditions: [], writes }, ctx));
}

export function revisionOf(result: CommitResult): number {
  if (!result.ok) throw new Error(`commit refused: ${JSON.stringify(result.failed)}`);
  return result.revision;
}

/** Runs `test` with a fresh store and always disposes of it. */
export function withStore(open: Open, test: (fixture: StoreFixture) => Promise<void>): () => Promise<void> {
  return async () => {
    const fixture = await open();
    try {
      await test(fixture);
    } finally {
      await fixture.dispose();
    }
  };
}

/** A running watch and what it has seen. */
export class Recorder {
  readonly batches: WatchBatch[] = [];
  readonly done: Promise<unknown>;
  readonly #controller = new AbortController();
  #waiting: { test: () => boolean; resolve: () => void; reject: (error: unknown) => void }[] = [];

  constructor(store: Store, prefix: string, after: number) {
    this.done = store
      .watch({ prefix, after }, (batch) => this.#see(batch), context(this.#controller.signal))
      .then(
        () => undefined,
        (error) => error,
      )
      .then((error) => {
        for (const { reject } of this.#waiting) reject(error);
        return error;
      });
  }

  get events(): StoreEvent[] {
    return this.batches.flatMap((batch) => batch.events);
  }

  /** `put key@revision`, in order. */
  get story(): string[] {
    return this.events.map((event) =>
      event.type === 'put' ? `put ${event.entry.key}@${event.entry.revision}` : `delete ${event.key}@${event.revision}`,
    );
  }

  /** Resolves when everything up to `revision` has been delivered. */
  reached(revision: number): Promise<void> {
    return this.until(() => (this.batches.at(-1)?.revision ?? 0) >= revision);
  }

  until(test: () => boolean): Promise<void> {
    if (test()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ test, resolve, reject }));
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.done;
  }

  #see(batch: WatchBatch): void {
    this.batches.push(batch);
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      if (!test()) return true;
      resolve();
      return false;
    });
  }
}
