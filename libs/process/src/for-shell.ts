import { unsafeSigns } from './unsafe-signs.ts';

/**
 * A word of a command line that is printed to be pasted into an interactive shell: quoted where a shell would read it as something else. What
 * would do something to the terminal stands there as its bytes, so that the line is safe to print and still means the same.
 */
export const forShell = (word: string): string => {
  if (word.search(unsafeSigns) < 0) return forScript(word);
  const inner = word
    .replace(/[\\']/g, '\\$&')
    .replace(unsafeSigns, (sign) => [...Buffer.from(sign)].map(octal).join(''));
  return `$'${inner}'`;
};

/** The same in a script of `/bin/sh`, which need not know `$'…'`. */
export const forScript = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Always of three digits: what follows may be a digit too. */
const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;
