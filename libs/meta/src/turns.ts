/** So long one may go on before others get their turn. */
export const TURN_MS = 5;

export interface TurnsParts {
  readonly now: () => number;
  /** Calls `begin` when the event loop has been round. */
  readonly nextTurn: (begin: () => void) => void;
}

const ofTheProcess: TurnsParts = { now: () => performance.now(), nextTurn: (begin) => void setImmediate(begin) };

/**
 * One event loop, shared by many who work in it: what all of them together may take of a turn before others get theirs. Each asks before a
 * piece of work whether the turn is over, and then waits for another. Those who wait go on one after the other, each in a turn of its own,
 * for nobody knows how long the next piece is.
 */
export class Turns {
  readonly #parts: TurnsParts;
  #ends: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: Partial<TurnsParts> = {}) {
    this.#parts = { ...ofTheProcess, ...parts };
  }

  /** True once too long has passed since somebody first asked in this turn: time in which nobody works is no part of it. */
  isOver(): boolean {
    const now = this.#parts.now();
    if (this.#ends !== undefined) return now >= this.#ends;
    this.#ends = now + TURN_MS;
    this.#parts.nextTurn(() => {
      this.#ends = undefined;
    });
    return false;
  }

  /** Undefined while the turn lasts and nobody waits. Else resolves in a later one. */
  next(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.isOver()) return undefined;
    return new Promise((resolve) => this.later(resolve));
  }

  /** One of those who wait in each turn that comes. */
  later(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#parts.nextTurn(this.#goOn);
  }

  readonly #goOn = (): void => {
    // A turn of its own begins: what is done now is part of it.
    this.isOver();
    const work = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#parts.nextTurn(this.#goOn);
    work?.();
  };
}

/** Of all that is done in pieces here: what each of them takes is gone for the others. */
export const turnsOfTheProcess = new Turns();
