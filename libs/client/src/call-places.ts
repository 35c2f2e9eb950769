import { isTurnOver } from '@kubernest/meta';
import type { Transport } from './client.ts';

/** What they go on to do once the store has answered comes in one turn of the event loop, at worst for all of them. */
const AT_ONCE = 24;
/** Whoever takes longer waits for somebody else, a converter perhaps, and works for none of that time. */
const LONG_MS = 250;

export interface CallPlacesParts {
  /** Whether the present turn has taken long enough. */
  readonly isTurnOver: () => boolean;
  /** Calls `begin` when the event loop has been round. */
  readonly nextTurn: (begin: () => void) => void;
  readonly after: (ms: number, begin: () => void) => void;
}

const ofTheProcess: CallPlacesParts = {
  isTurnOver,
  nextTurn: (begin) => void setImmediate(begin),
  after: (ms, begin) => void setTimeout(begin, ms).unref(),
};

/** Says that whoever entered is done. */
export type Leave = () => void;

/**
 * Places for the calls that a process makes to itself. Such calls need no turn of the event loop until they reach the store, so that any
 * number of them may go on while requests from outside wait. Callers who wait get places in turn: a thousand calls of one hold up nobody else.
 */
export class CallPlaces {
  readonly #underway = new Set<Leave>();
  readonly #waiting = new Map<string, ((leave: Leave) => void)[]>();
  /** Places that will be given away in the turns to come. */
  #promised = 0;
  #isWatched = false;

  constructor(private readonly parts: CallPlacesParts = ofTheProcess) {}

  /** At once when there is a place. */
  enter(caller: string): Leave | Promise<Leave> {
    if (this.#waiting.size === 0 && this.#underway.size < AT_ONCE && !this.parts.isTurnOver()) return this.#take();
    return new Promise((resolve) => {
      const calls = this.#waiting.get(caller);
      if (calls) calls.push(resolve);
      else this.#waiting.set(caller, [resolve]);
      this.#promise();
    });
  }

  #take(): Leave {
    const leave = (): void => {
      if (this.#underway.delete(leave)) this.#promise();
    };
    this.#underway.add(leave);
    return leave;
  }

  #promise(): void {
    if (this.#promised > 0 || this.#waiting.size === 0) return;
    this.#promised = AT_ONCE - this.#underway.size;
    if (this.#promised === 0) this.#watch([...this.#underway]);
    for (let i = 0; i < this.#promised; i++) this.parts.nextTurn(this.#keep);
  }

  /** Those who have a place now and still have it after a while lose it. */
  #watch(underway: readonly Leave[]): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.parts.after(LONG_MS, () => {
      this.#isWatched = false;
      for (const leave of underway) leave();
      this.#promise();
    });
  }

  /** Each in a callback of its own: what one call goes on to do at once is done before the next is looked at. */
  readonly #keep = (): void => {
    this.#promised--;
    if (!this.parts.isTurnOver()) this.#give();
    this.#promise();
  };

  #give(): void {
    const [first] = this.#waiting;
    if (!first) return;
    const [caller, calls] = first;
    this.#waiting.delete(caller);
    const call = calls.shift();
    if (calls.length > 0) this.#waiting.set(caller, calls);
    call?.(this.#take());
  }
}

/** `inner`, whose calls take a place each; watches, which last, take none. */
export function inPlaces(inner: Transport, caller: string, places: CallPlaces): Transport {
  return {
    async call(call, ctx) {
      const entered = places.enter(caller);
      const leave = entered instanceof Promise ? await entered : entered;
      try {
        ctx.signal.throwIfAborted();
        return await inner.call(call, ctx);
      } finally {
        leave();
      }
    },
    watch: (call, onEvent, ctx) => inner.watch(call, onEvent, ctx),
  };
}
