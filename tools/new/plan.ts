/** What the generator writes. Paths are relative to the root. */
export interface Plan {
  readonly files: Readonly<Record<string, string>>;
  /** The hand-written lists that the new thing joins, each as it is with it. */
  readonly lists: readonly ListEdit[];
  /** What is left to do by hand. */
  readonly next?: readonly string[];
}

export interface ListEdit {
  readonly file: string;
  /** Throws where the list has no place for it. */
  edit(text: string): string;
}

export const camel = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
export const pascal = (name: string): string => camel(name).replace(/^./, (letter) => letter.toUpperCase());

/** A spec that fails until somebody writes what the thing does. */
export const failingSpec = (subject: string): string => `import { describe, expect, it } from 'vitest';

describe('${subject}', () => {
  it('does what its name says', () => {
    expect.fail('say here what ${subject} does');
  });
});
`;

/** Puts `entry` before the last `before`. */
export function withEntry(text: string, entry: string, before: string): string {
  const at = text.lastIndexOf(before);
  if (at < 0) throw new Error(`there is no "${before.trim()}" to write "${entry.trim()}" before`);
  return text.slice(0, at) + entry + text.slice(at);
}

/** Puts an import of a file below among the others, which are sorted by the parts of their paths. */
export function withImport(text: string, line: string): string {
  const lines = text.split('\n');
  const isBelow = (each: string): boolean => /^import .* from '\.\.?\//.test(each);
  const next = lines.findIndex((each) => isBelow(each) && byParts(pathIn(line), pathIn(each)) < 0);
  const last = lines.findLastIndex((each) => each.startsWith('import '));
  return lines.toSpliced(next < 0 ? last + 1 : next, 0, line).join('\n');
}

const pathIn = (line: string): string => /from '([^']*)'/.exec(line)?.[1] ?? '';

function byParts(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return left.length - right.length;
}
