import type { Clock, Milliseconds } from '@kubernest/kit';

/** Whoever waits longer is told for what. */
const patience: Milliseconds = 1000;

/** Says what is being done, but not of what is over within a second. */
export class SlowSteps {
  #current: string | undefined;
  #isSlow = false;
  readonly #cancel: () => void;

  constructor(
    private readonly say: (line: string) => void,
    clock: Clock,
  ) {
    this.#cancel = clock.after(patience, () => {
      this.#isSlow = true;
      if (this.#current !== undefined) say(this.#current);
    });
  }

  /** From now on this is done. */
  step(words: string): void {
    this.#current = words;
    if (this.#isSlow) this.say(words);
  }

  end(): void {
    this.#cancel();
  }
}
