import { setImmediate as breathe } from 'node:timers/promises';

/** Of an object this large each step of a write takes so long that others get their turn between them. */
const LARGE_BYTES = 48 * 1024;

export const isLarge = (bytes: number): boolean => bytes > LARGE_BYTES;

export { paced } from '@kubernest/meta';
export { breathe };
