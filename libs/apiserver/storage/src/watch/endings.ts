import { TURN_MS } from '@kubernest/apiserver/codec';

/** Ends watches whose time is up, in the order in which it was. Of many that began together some end in each turn of the event loop. */
export class Endings {
  readonly #due: (() => void)[] = [];
  #isAtWork = false;
  #turnEnds = 0;

  constructor(private readonly now = () => performance.now()) {}

  add(end: () => void): void {
    this.#due.push(end);
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    setImmediate(this.#begin);
  }

  readonly #begin = (): void => {
    this.#turnEnds = this.now() + TURN_MS;
    this.#endNext();
  };

  #endNext(): void {
    // All that an end brings with it is done by then, which is most of it: promises resolve, a connection is closed.
    queueMicrotask(() => process.nextTick(this.#goOn));
    this.#due.shift()!();
  }

  readonly #goOn = (): void => {
    if (this.#due.length === 0) this.#isAtWork = false;
    else if (this.now() < this.#turnEnds) this.#endNext();
    else setImmediate(this.#begin);
  };
}
