import { setImmediate as breathe } from 'node:timers/promises';
import { paced, TURN_MS } from '@kubernest/meta';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

export { breathe, paced, TURN_MS };
