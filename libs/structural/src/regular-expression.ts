import { type Pattern, Recent } from '@kubernest/meta';
import { RE2JS } from 're2js';

/** Why Go would not compile the pattern; undefined when it would. */
export function patternFault(pattern: string): string | undefined {
  try {
    compiled(pattern);
    return undefined;
  } catch (error) {
    return inGo((error as Error).message);
  }
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
      expression ??= compiled(pattern);
      return expression.test(text);
    },
  };
}
