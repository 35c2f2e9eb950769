import { type Pattern, Recent, spend } from '@kubernest/meta';
import { RE2JS } from 're2js';

/** Why Go would not compile the pattern; undefined when it would. */
export function patternFault(pattern: string): string | undefined {
  spend(workBefore(pattern));
  let expression: RE2JS;
  try {
    expression = compiled(pattern);
  } catch (error) {
    return inGo((error as Error).message);
  }
  spend(workToCompile(expression));
  return undefined;
}

/** compat: Go names what is left of the pattern, here nothing. */
const inGo = (message: string): string => (message.endsWith('at end of expression') ? `${message}: \`\`` : message);

/** Throws where `patternFault` tells of a fault. */
const compiled = (pattern: string): RE2JS => lately.of(pattern, RE2JS.compile);

/** The same few stand at many fields, and are looked at by several. */
const lately = new Recent<RE2JS>();

/** The pattern as a test that is compiled when it is first asked. */
export function lazyPattern(pattern: string): Pattern {
  let expression: RE2JS | undefined;
  return {
    source: pattern,
    test(text) {
      if (!expression) {
        spend(workBefore(pattern));
        expression = compiled(pattern);
        spend(workToCompile(expression));
      }
      // Linear: but at worst each instruction looks at each letter.
      spend(expression.programSize() * text.length);
      return expression.test(text);
    },
  };
}

/** An instruction takes as long to be made as to look at so many letters. */
const LETTERS_TO_COMPILE = 150;

const workToCompile = (expression: RE2JS): number => expression.programSize() * LETTERS_TO_COMPILE;

/** No part of a pattern may be repeated more often, however repetitions stand within each other. */
const MOST_REPEATED = 1000;
const LETTERS_TO_GUESS = 10;

/** What it may be, from its text alone: a short one may be a program of a million instructions. */
function workBefore(pattern: string): number {
  let repeated = 1;
  for (const [, least, most] of pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)) repeated += Number(most || least);
  return pattern.length * Math.min(repeated, MOST_REPEATED) * LETTERS_TO_GUESS;
}
