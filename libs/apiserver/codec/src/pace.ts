import { setImmediate as breathe } from 'node:timers/promises';
import { paced, TURN_MS } from '@kubernest/meta';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

/** Of so many members a body is as long. */
const MANY_MEMBERS = 2048;

/** Large, though its body was not: admission may have added what others hold ready for it. Looks at no more members than it takes to tell. */
export function isWide(object: object): boolean {
  let left = MANY_MEMBERS;
  const runsOut = (value: unknown): boolean => {
    if (left-- <= 0) return true;
    if (Array.isArray(value)) return value.some(runsOut);
    if (typeof value !== 'object') return false;
    for (const key in value) if (runsOut((value as Record<string, unknown>)[key])) return true;
    return false;
  };
  return runsOut(object);
}

export { breathe, paced, TURN_MS };
