import { type AST, RegExpParser } from '@eslint-community/regexpp';
import type { Rule } from 'eslint';
import { getConsumedChars, isPotentiallyEmpty, type ReadonlyFlags } from 'regexp-ast-analysis';

/**
 * Finds what `no-super-linear-move` does not: a beginning, such as `\$\(` in `/\$\(([^)]*)\)/`, that what is repeated behind it may pass over.
 * Where the end is missing, each such beginning in a text is followed to the text's end.
 */
export const secondLook: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      passes:
        'Of many "{{beginning}}" without an end each is followed to the end of the text: "{{repeated}}" passes over it.',
    },
  },
  create: (context) => ({
    Literal(node) {
      if (!('regex' in node) || node.regex.flags.includes('y')) return;
      const found = passedOver(node.regex);
      if (found) context.report({ node, messageId: 'passes', data: { ...found } });
    },
  }),
};

interface Found {
  readonly beginning: string;
  readonly repeated: string;
}

function passedOver({ pattern, flags }: { readonly pattern: string; readonly flags: string }): Found | undefined {
  const read = new RegExpParser().parseLiteral(`/${pattern}/${flags}`);
  const around: Around = { beginning: [], mayFail: false, flags: read.flags };
  return firstOf(read.pattern.alternatives, (alternative) => inAlternative(alternative, around));
}

interface Around {
  /** What stands before, and must be there. */
  readonly beginning: readonly AST.Element[];
  /** Something stands behind that may be missing. */
  readonly mayFail: boolean;
  readonly flags: ReadonlyFlags;
}

function inAlternative({ elements }: AST.Alternative, around: Around): Found | undefined {
  const { flags } = around;
  const beginning = [...around.beginning];
  for (const [at, element] of elements.entries()) {
    // Looked for from one place only.
    if (isStart(element, flags) && beginning.length === 0) return undefined;
    if (element.type === 'Assertion') continue;
    const mayFail = around.mayFail || elements.slice(at + 1).some((later) => !isPotentiallyEmpty(later, flags));
    if (element.type === 'Group' || element.type === 'CapturingGroup') {
      const inner = firstOf(element.alternatives, (each) => inAlternative(each, { beginning, mayFail, flags }));
      if (inner) return inner;
    }
    if (isEndless(element) && mayFail && beginning.length > 0 && passes(element, beginning, flags))
      return { beginning: beginning.map(({ raw }) => raw).join(''), repeated: element.raw };
    if (!isPotentiallyEmpty(element, flags)) beginning.push(element);
  }
  return undefined;
}

const isStart = (element: AST.Element, { multiline }: ReadonlyFlags): boolean =>
  element.type === 'Assertion' && element.kind === 'start' && !multiline;

const isEndless = (element: AST.Element): boolean => element.type === 'Quantifier' && element.max === Infinity;

const passes = (repeated: AST.Element, beginning: readonly AST.Element[], flags: ReadonlyFlags): boolean =>
  beginning.every((each) => !charsOf(each, flags).isDisjointWith(charsOf(repeated, flags)));

const charsOf = (element: AST.Element, flags: ReadonlyFlags) => getConsumedChars(element, flags).chars;

function firstOf<T>(all: readonly T[], find: (one: T) => Found | undefined): Found | undefined {
  for (const one of all) {
    const found = find(one);
    if (found) return found;
  }
  return undefined;
}
