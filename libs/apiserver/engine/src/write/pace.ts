import { setImmediate as breathe } from 'node:timers/promises';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

/** Runs the steps of something long, with a turn for others between them. */
export async function paced<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}

export { breathe };
