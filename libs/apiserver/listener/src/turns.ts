import { TURN_MS } from '@kubernest/meta';

export interface TurnsParts {
  readonly now: () => number;
  /** Calls `begin` when the event loop has been round. */
  readonly nextTurn: (begin: () => void) => void;
}

const ofTheProcess: TurnsParts = { now: () => performance.now(), nextTurn: (begin) => void setImmediate(begin) };

/** What all connections together may take of a turn of the event loop before the others get theirs. */
export class Turns {
  #began: number | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly parts: TurnsParts = ofTheProcess) {}

  /** True once too long has passed since somebody first asked in this turn. */
  isOver(): boolean {
    const now = this.parts.now();
    if (this.#began !== undefined) return now - this.#began > TURN_MS;
    this.#began = now;
    this.parts.nextTurn(() => {
      this.#began = undefined;
    });
    return false;
  }

  /** One of those who wait in each turn that comes. */
  later(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.parts.nextTurn(this.#next);
  }

  readonly #next = (): void => {
    const work = this.#waiting.shift();
    if (this.#waiting.length > 0) this.parts.nextTurn(this.#next);
    work?.();
  };
}
