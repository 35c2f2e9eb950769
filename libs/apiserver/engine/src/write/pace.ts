import { setImmediate as breathe } from 'node:timers/promises';
import { atOnce, paced, type Steps, TURN_MS } from '@kubernest/meta';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

/** The steps of a write: at once, or where it is large with turns for others before, between and after them. */
export function inTurns(
  { large = false }: { readonly large?: boolean },
  steps: Steps<void>,
): Promise<void> | undefined {
  if (large) return amongOthers(steps);
  atOnce(steps);
  return undefined;
}

async function amongOthers(steps: Steps<void>): Promise<void> {
  await breathe();
  await paced(steps);
  await breathe();
}

export { breathe, paced, TURN_MS };
