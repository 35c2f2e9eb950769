import { setImmediate as afterTurn } from 'node:timers';
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

/** When the present turn has taken long enough, for all who are paced in it together. */
let turnEnds: number | undefined;

function endOfTurn(): number {
  if (turnEnds === undefined) {
    turnEnds = performance.now() + TURN_MS;
    afterTurn(() => {
      turnEnds = undefined;
    });
  }
  return turnEnds;
}

/** Whether what is paced in the present turn has taken long enough of it. */
export const isTurnOver = (): boolean => performance.now() >= endOfTurn();

/** All steps, with a turn for others every few milliseconds. Many at once take no more of a turn than one does, but for a step each. */
export async function paced<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (!isTurnOver()) continue;
    await breathe();
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
