import { setImmediate as breathe } from 'node:timers/promises';

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

/** So long one may go on before others get their turn. */
export const TURN_MS = 5;

/** All steps, with a turn for others every few milliseconds. */
export async function paced<T>(steps: Steps<T>): Promise<T> {
  let until = performance.now() + TURN_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await breathe();
    until = performance.now() + TURN_MS;
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
