import { type Pattern, Recent } from '@kubernest/meta';
import { RE2JS } from 're2js';

/** Many fields of a schema have the same pattern. */
const told = new Recent<string>();

/** Why Go would not compile the pattern; undefined when it would. */
export const patternFault = (pattern: string): string | undefined => told.of(pattern, faultOf) || undefined;

function faultOf(pattern: string): string {
  try {
    compiled(pattern);
    return '';
  } catch (error) {
    return inGo((error as Error).message);
  }
}

/** compat: Go names what is left of the pattern, here nothing. */
const inGo = (message: string): string => (message.endsWith('at end of expression') ? `${message}: \`\`` : message);

/** Throws where `patternFault` tells of a fault. */
const compiled = (pattern: string): RE2JS => RE2JS.compile(pattern);

/** The pattern as a test that is compiled when it is first asked. */
export function lazyPattern(pattern: string): Pattern {
  let expression: RE2JS | undefined;
  return {
    source: pattern,
    test(text) {
      expression ??= compiled(pattern);
      return expression.test(text);
    },
  };
}
