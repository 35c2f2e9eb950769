import { setImmediate as breathe } from 'node:timers/promises';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

/** So long one request may go on before others get their turn. */
const TURN_MS = 5;

/** Runs the steps of something long, with a turn for others every few milliseconds. */
export async function paced<T>(steps: Generator<void, T>): Promise<T> {
  let until = performance.now() + TURN_MS;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() < until) continue;
    await breathe();
    until = performance.now() + TURN_MS;
  }
}

export { breathe };
