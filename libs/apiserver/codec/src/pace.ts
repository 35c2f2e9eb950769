import { setImmediate as breathe } from 'node:timers/promises';
import { paced, TURN_MS } from '@kubernest/meta';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

/** Of so many members a body is as long. */
const MANY_MEMBERS = 2048;

/**
 * Large, though its body was not: its defaults, or what others hold ready for it, may have been added. `dearness`: how many times as long as
 * usual it takes to judge. Looks at no more members than it takes to tell.
 */
export const isWide = (object: object, dearness = 1): boolean =>
  leftAfter(object, Math.ceil(MANY_MEMBERS / dearness)) < 0;

/** What is left of `left` after the value and all in it; below zero where they are more. */
function leftAfter(value: unknown, left: number): number {
  if (typeof value !== 'object' || left <= 0) return left - 1;
  let rest = left - 1;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && rest >= 0; i++) rest = leftAfter(value[i], rest);
    return rest;
  }
  for (const key in value) {
    rest = leftAfter((value as Record<string, unknown>)[key], rest);
    if (rest < 0) return rest;
  }
  return rest;
}

export { breathe, paced, TURN_MS };
