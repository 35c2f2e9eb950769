import { keptInteger } from '@kubernest/meta';

/** One step of a path, from a value to values. */
export type PathStep =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | {
      readonly type: 'slice';
      readonly from?: number | undefined;
      readonly to?: number | undefined;
      readonly by?: number | undefined;
    }
  | { readonly type: 'all' }
  | { readonly type: 'below'; readonly name: string }
  | { readonly type: 'filter'; readonly path: readonly PathStep[]; readonly test?: Test };

export interface Test {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly value: string | number | bigint | boolean;
}

// Each letter can be read by one part of a form alone, and blanks stand only where something is between them: all are linear in the text.
/** A name goes on until the next step; a backslash keeps what follows in it. */
const nameForm = /^(?:\\.|[^.[\]\\])+/;
const quotedForm = /^\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\s*\]/;
const sliceForm = /^\[\s*(?:(-?\d+)\s*)?:\s*(?:(-?\d+)\s*)?(?::\s*(-?\d+)\s*)?\]/;
const indexForm = /^\[\s*(-?\d+)\s*\]/;
const anyForm = /^\[\s*\*\s*\]/;
const filterForm =
  /^\[\?\(\s*@((?:\\.|[^\s=!<>)\\])*)\s*(?:(==|!=|<=|>=|<|>)\s*(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?)|(true|false))\s*)?\)\]/;

/**
 * Reads a path as kubectl's templates have it, without their braces: `.spec.ports[*].port`, `.metadata.labels.app\.kubernetes\.io/name`,
 * `.status.conditions[?(@.type=="Ready")].status`. Undefined: it is none.
 */
export function parseJsonPath(text: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  for (let rest = text; rest !== ''; ) {
    const read = readStep(rest);
    if (!read) return undefined;
    if (read.step) steps.push(read.step);
    rest = rest.slice(read.length);
  }
  return steps;
}

interface Read {
  readonly length: number;
  /** Absent where the text says: the value itself. */
  readonly step?: PathStep;
}

function readStep(text: string): Read | undefined {
  return text.startsWith('[') ? readBracket(text) : readName(text);
}

function readName(text: string): Read | undefined {
  if (text === '.') return { length: 1 };
  const dots = text.startsWith('..') ? 2 : text.startsWith('.') ? 1 : 0;
  if (dots === 1 && text[1] === '[') return { length: 1 };
  const found = nameForm.exec(text.slice(dots))?.[0];
  if (!found) return undefined;
  const length = dots + found.length;
  if (found === '*') return { length, step: { type: 'all' } };
  const name = found.replaceAll(/\\(.)/g, '$1');
  return { length, step: { type: dots === 2 ? 'below' : 'field', name } };
}

function readBracket(text: string): Read | undefined {
  const quoted = quotedForm.exec(text);
  if (quoted) {
    const name = (quoted[1] ?? quoted[2])!.replaceAll(/\\(.)/g, '$1');
    return { length: quoted[0].length, step: { type: 'field', name } };
  }
  const any = anyForm.exec(text);
  if (any) return { length: any[0].length, step: { type: 'all' } };
  const index = indexForm.exec(text);
  if (index) return { length: index[0].length, step: { type: 'index', index: Number(index[1]) } };
  const slice = sliceForm.exec(text);
  if (slice) {
    const [from, to, by] = slice.slice(1).map((number) => (number === undefined ? undefined : Number(number)));
    return { length: slice[0].length, step: { type: 'slice', from, to, by } };
  }
  return readFilter(text);
}

function readFilter(text: string): Read | undefined {
  const found = filterForm.exec(text);
  const path = found && parseJsonPath(found[1]!);
  if (!found || !path) return undefined;
  const [length, operator] = [found[0].length, found[2] as Test['operator'] | undefined];
  if (!operator) return { length, step: { type: 'filter', path } };
  const [single, double, number, truth] = found.slice(3);
  const value = single ?? double ?? (number === undefined ? truth === 'true' : numberOf(number));
  return { length, step: { type: 'filter', path, test: { operator, value } } };
}

/** Longer ones have more than 64 bits. */
const LONGEST_INTEGER = 20;

const numberOf = (text: string): number | bigint =>
  text.includes('.') || text.length > LONGEST_INTEGER ? Number(text) : keptInteger(BigInt(text));
