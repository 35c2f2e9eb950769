/** A span of time in milliseconds. */
export type Milliseconds = number;

/** Time as a dependency, so that tests own it. */
export interface Clock {
  /** The wall clock. */
  now(): Date;
  /** A clock that never jumps, for measuring and deadlines. Milliseconds since an arbitrary start. */
  monotonic(): Milliseconds;
  /** Resolves after `delay`, at once where it is negative; rejects with `signal.reason` when aborted. A sleeping clock keeps no process alive once aborted. */
  sleep(delay: Milliseconds, signal: AbortSignal): Promise<void>;
  /** Calls `run` once after `delay`, at once where it is negative; the returned function cancels it (again and late is harmless). */
  after(delay: Milliseconds, run: () => void): () => void;
}

/** What was due before now is due now: of a negative delay Node warns in the log. */
const atLeastNone = (delay: Milliseconds): Milliseconds => Math.max(0, delay);

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep(delay, signal) {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, atLeastNone(delay));
      signal.addEventListener('abort', onAbort, { once: true });
    });
  },
  after(delay, run) {
    const timer = setTimeout(run, atLeastNone(delay));
    return () => clearTimeout(timer);
  },
};

const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let settling = 0;

/** Returns when nobody takes turns any more: what is not done now waits for something else. Several may ask at once. */
export async function turnsTaken(): Promise<void> {
  settling++;
  do await oneTurn();
  while (process.getActiveResourcesInfo().filter((each) => each === 'Immediate').length >= settling);
  settling--;
}

/** A clock that stands still until told to move. Timers due at the same time fire in the order they were set. */
export class FakeClock implements Clock {
  #time: Milliseconds;
  #timers: { at: Milliseconds; run: () => void }[] = [];
  #news: () => void = () => {};

  /** `settle` returns when all that goes on without this clock has come to rest: no time passes before. Promises do in one turn. */
  constructor(
    start: Date = new Date('2026-01-01T00:00:00Z'),
    private readonly settle: () => Promise<void> = oneTurn,
  ) {
    this.#time = start.getTime();
  }

  now(): Date {
    return new Date(this.#time);
  }

  monotonic(): Milliseconds {
    return this.#time;
  }

  sleep(delay: Milliseconds, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const cancel = this.after(delay, () => resolve());
      signal.addEventListener(
        'abort',
        () => {
          cancel();
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  after(delay: Milliseconds, run: () => void): () => void {
    const timer = { at: this.#time + delay, run };
    this.#timers.push(timer);
    this.#news();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass until this has happened, but only ever up to the next moment that somebody waits for, once somebody does. */
  async passUntil<T>(happening: Promise<T>): Promise<T> {
    let happened = false;
    const end = (): void => {
      happened = true;
      this.#news();
    };
    happening.then(end, end);
    for (;;) {
      await this.settle();
      if (happened) return happening;
      const next = Math.min(...this.#timers.map(({ at }) => at));
      if (Number.isFinite(next)) await this.advance(next - this.#time);
      else await new Promise<void>((resolve) => (this.#news = resolve));
    }
  }

  /** Moves time forward, firing what falls due on the way, and lets what it sets off come to rest between firings. */
  async advance(by: Milliseconds): Promise<void> {
    const until = this.#time + by;
    for (;;) {
      const due = this.#timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((t) => t !== due);
      this.#time = Math.max(this.#time, due.at);
      due.run();
      await this.settle();
    }
    this.#time = until;
    await this.settle();
  }

  /** Moves time forward while nothing runs, as when the process is stopped: what fell due meanwhile fires after it, late. */
  async stall(by: Milliseconds): Promise<void> {
    this.#time += by;
    await this.advance(0);
  }
}
