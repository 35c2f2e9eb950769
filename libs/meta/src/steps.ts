/**
 * Something long, done in steps of which each takes a fraction of a millisecond, so that whoever runs it may let others have their turn.
 */
export type Steps<T> = Generator<void, T>;

/** All steps without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const ENTRIES_A_STEP = 256;

/** Where in a loop over many entries a step ends. */
export class Rests {
  #entries = 0;

  isDue(): boolean {
    return ++this.#entries % ENTRIES_A_STEP === 0;
  }
}
