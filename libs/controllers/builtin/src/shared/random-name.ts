import { randomInt } from 'node:crypto';

/** No vowels and no look-alikes: no name spells a word. */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const MAX_BASE = 58;

/** What the server makes of `generateName`, made here where the name must be known before the answer. */
export function nameAfter(base: string): string {
  const suffix = Array.from({ length: 5 }, () => SAFE_ALPHABET[randomInt(SAFE_ALPHABET.length)]).join('');
  return `${base.slice(0, MAX_BASE)}${suffix}`;
}
