import type { Clock } from '@kubernest/kit';
import { TURN_MS } from '@kubernest/meta';

/**
 * One event loop, shared by many who work in it: each asks before a piece of work whether the turn is over, and then waits for another.
 * Those who wait go on one after the other, each in a turn of its own, for nobody knows how long the next piece is.
 */
export class Turns {
  #until: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  /** Undefined while the turn lasts. Else resolves in a later one. */
  next(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.clock.monotonic() < this.#end()) return undefined;
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#goOn());
    });
  }

  /** A turn begins with the first question in it. */
  #end(): number {
    if (this.#until === undefined) {
      this.#until = this.clock.monotonic() + TURN_MS;
      setImmediate(() => (this.#until = undefined));
    }
    return this.#until;
  }

  #goOn(): void {
    this.#until = undefined;
    this.#end();
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(() => this.#goOn());
  }
}
