import { safeText } from './safe-text.ts';

/** One line for people, whoever wrote what is in it. */
export const printLine = (text: string, most?: number): void => console.log(safeText(text, most));

export const printLines = (...lines: readonly string[]): void => {
  for (const line of lines) printLine(line);
};

/** What went wrong, or may do so, in one line. */
export const printFault = (text: string): void => console.error(`kubernest: ${safeText(text)}`);

/** What stands before that. */
export const printHint = (text: string): void => console.error(safeText(text));

/** For programs, and for shells to be run: not a sign of it may change. */
export const printExact = (text: string): void => {
  process.stdout.write(text);
};
