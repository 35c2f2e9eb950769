import { append, fieldForbidden, fieldInvalid, fieldRequired } from './field-error.ts';
import { type LabelMatcher, matcherInSteps, matcherOfMap, matcherOfRequirements } from './label-matcher.ts';
import { validateLabelValue, validateQualifiedName } from './names.ts';
import { badRequest, type FieldError } from './status-error.ts';
import type { Steps } from './steps.ts';

/** The object form, as in `spec.selector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export type LabelOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

/** One condition; all of a selector's must hold. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

export type LabelRequirements = readonly LabelRequirement[];
export type Labels = Readonly<Record<string, string>>;

/** Does a set of labels satisfy all requirements? No requirements match everything. */
export function matchesLabels(requirements: LabelRequirements, labels: Labels | undefined): boolean {
  return remembered(requirements, matcherOfRequirements)(labels ?? {});
}

/** Takes requirements apart, which may be as wide as an object, so that `matchesLabels` finds it done. */
export function* takeApart(requirements: LabelRequirements): Steps<void> {
  if (!matchers.has(requirements)) matchers.set(requirements, yield* matcherInSteps(requirements));
}

/** Selectors are taken apart once and compared often: objects of a cache never change. */
const matchers = new WeakMap<object, LabelMatcher>();

function remembered<T extends object>(selector: T, make: (selector: T) => LabelMatcher): LabelMatcher {
  let matcher = matchers.get(selector);
  if (!matcher) {
    matcher = make(selector);
    matchers.set(selector, matcher);
  }
  return matcher;
}

/**
 * The requirements of the object form. compat: no selector at all (`undefined`) matches nothing and gives undefined; an empty one matches
 * everything. Assumes a valid selector: see `validateLabelSelector`.
 */
export function requirementsOf(selector: LabelSelector | undefined): LabelRequirements | undefined {
  if (!selector) return undefined;
  const fromLabels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelRequirement => ({ key, operator: 'In', values: [value] }),
  );
  return [...fromLabels, ...(selector.matchExpressions ?? []).map(requirementOf)];
}

const requirementOf = ({ key, operator, values }: LabelSelectorRequirement): LabelRequirement => ({
  key,
  operator: operator as LabelOperator,
  values: values ?? [],
});

/** Does the object form select these labels? None at all selects nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector !== undefined && remembered(selector, matcherOfSelector)(labels ?? {});
}

function matcherOfSelector({ matchLabels, matchExpressions }: LabelSelector): LabelMatcher {
  const sameLabels = matcherOfMap(matchLabels ?? {});
  if (!matchExpressions?.length) return sameLabels;
  const otherwise = matcherOfRequirements(matchExpressions.map(requirementOf));
  return (labels) => sameLabels(labels) && otherwise(labels);
}

/** Has an object all of these labels, as a Service's `spec.selector` asks? */
export function hasLabels(wanted: Labels, labels: Labels | undefined): boolean {
  return remembered(wanted, matcherOfMap)(labels ?? {});
}

/** The text form, sorted, as in a Scale's `status.selector` and in kubectl's output. */
export function formatLabelSelector(requirements: LabelRequirements): string {
  return [...requirements]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(formatOne)
    .join(',');
}

function formatOne({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${values[0]}`;
    case 'Lt':
      return `${key}<${values[0]}`;
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${[...values].sort().join(',')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${[...values].sort().join(',')})`;
  }
}

/** The text form of `?labelSelector=`: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Throws 400. */
export function parseLabelSelector(text: string): LabelRequirements {
  const requirements: LabelRequirement[] = [];
  const reader = new TokenReader(text);
  if (reader.peek() === '') return requirements;
  for (;;) {
    requirements.push(checked(readRequirement(reader)));
    const next = reader.take();
    if (next === '') return requirements;
    if (next !== ',') throw cannotParse(`found '${next}', expected: ',' or 'end of string'`);
    if (reader.peek() === '') throw cannotParse("found '', expected: identifier after ','");
  }
}

const cannotParse = (why: string): Error => badRequest(`unable to parse requirement: ${why}`);

function readRequirement(reader: TokenReader): LabelRequirement {
  const negated = reader.peek() === '!';
  if (negated) reader.take();
  const key = reader.take();
  if (key === '' || isSymbol(key)) throw cannotParse(`found '${key}', expected: identifier`);
  if (negated) return { key, operator: 'DoesNotExist', values: [] };
  const next = reader.peek();
  if (next === '' || next === ',') return { key, operator: 'Exists', values: [] };
  const operator = operators.get(reader.take());
  if (!operator) throw cannotParse(`found '${next}', expected: in, notin, =, ==, !=, gt, lt`);
  const isSet = next === 'in' || next === 'notin';
  return { key, operator, values: isSet ? readSet(reader) : [readValue(reader)] };
}

const operators: ReadonlyMap<string, LabelOperator> = new Map<string, LabelOperator>(
  Object.entries({
    '=': 'In',
    '==': 'In',
    in: 'In',
    '!=': 'NotIn',
    notin: 'NotIn',
    '>': 'Gt',
    '<': 'Lt',
  }),
);

/** compat: `a=` asks for the empty value. */
function readValue(reader: TokenReader): string {
  const next = reader.peek();
  if (next === '' || next === ',') return '';
  if (isSymbol(next)) throw cannotParse(`found '${next}', expected: identifier`);
  return reader.take();
}

function readSet(reader: TokenReader): string[] {
  const open = reader.take();
  if (open !== '(') throw cannotParse(`found '${open}', expected: '('`);
  const values: string[] = [];
  let value = '';
  for (;;) {
    const next = reader.take();
    if (next === ',' || next === ')') {
      values.push(value);
      value = '';
      if (next === ')') return [...new Set(values)];
    } else if (next === '' || isSymbol(next) || value !== '') {
      throw cannotParse(`found '${next}', expected: ',', or ')'`);
    } else value = next;
  }
}

const token = /\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)?/y;
const isSymbol = (text: string): boolean => /^[=!<>(),]/.test(text);

class TokenReader {
  #at = 0;

  constructor(private readonly text: string) {}

  /** The next token, '' at the end. */
  take(): string {
    token.lastIndex = this.#at;
    const found = token.exec(this.text)?.[1] ?? '';
    this.#at = token.lastIndex;
    return found;
  }

  peek(): string {
    const at = this.#at;
    const found = this.take();
    this.#at = at;
    return found;
  }
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  const fault = validateQualifiedName(key).map((why) => `key: Invalid value: ${JSON.stringify(key)}: ${why}`)[0];
  if (fault) throw cannotParse(fault);
  for (const [i, value] of values.entries()) {
    if (operator === 'Gt' || operator === 'Lt') {
      if (!/^[+-]?\d{1,18}$/.test(value))
        throw cannotParse(
          `values[${i}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      continue;
    }
    const why = validateLabelValue(value)[0];
    if (why) throw cannotParse(`values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${why}`);
  }
  return requirement;
}

/** Faults of the object form. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  const faults: FieldError[] = [];
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    for (const why of validateQualifiedName(key)) faults.push(fieldInvalid(`${path}.matchLabels`, key, why));
    for (const why of validateLabelValue(value)) faults.push(fieldInvalid(`${path}.matchLabels`, value, why));
  }
  for (const [i, expression] of (selector?.matchExpressions ?? []).entries()) {
    append(faults, validateExpression(expression, `${path}.matchExpressions[${i}]`));
  }
  return faults;
}

function validateExpression({ key, operator, values = [] }: LabelSelectorRequirement, path: string): FieldError[] {
  const faults: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      faults.push(fieldRequired(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      faults.push(
        fieldForbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
  } else {
    faults.push(fieldInvalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'));
  }
  for (const why of validateQualifiedName(key ?? '')) faults.push(fieldInvalid(`${path}.key`, key ?? '', why));
  values.forEach((value, i) => {
    for (const why of validateLabelValue(value)) faults.push(fieldInvalid(`${path}.values[${i}]`, value, why));
  });
  return faults;
}
