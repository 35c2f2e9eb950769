import {
  append,
  type FieldError,
  type FieldRequirement,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  MOST_TOLD_FAULTS,
  parseFieldSelector,
  parseLabelSelector,
} from '@kubernest/meta';

/** A selector in a question: as text, or as requirements. */
export interface SelectorAttributes {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}
interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** Longer than any that a request can carry: what does not fit into a URL is asked for by nobody, and is not read here either. */
const MOST_RAW_LETTERS = 16 * 1024;

/** How much of a selector could not be read; undefined when all could. */
export type Ignored = 'ignored' | 'partially ignored' | undefined;

export function selectorFaults(selector: SelectorAttributes | undefined, path: string): readonly FieldError[] {
  if (!selector) return [];
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '' && requirements.length > 0)
    return [fieldInvalid(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements')];
  if (rawSelector === '' && requirements.length === 0)
    return [
      fieldRequired(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`),
    ];
  const faults: FieldError[] = [];
  for (const [index, each] of requirements.entries()) {
    append(faults, requirementFaults(each, `${path}.requirements[${index}]`));
    if (faults.length >= MOST_TOLD_FAULTS) break;
  }
  return faults;
}

/** compat: an operator that is not known is let pass: a newer client may know it, and leaving it out asks for more. */
function requirementFaults({ key, operator, values = [] }: Requirement, path: string): readonly FieldError[] {
  const faults: FieldError[] = [];
  if (!key) faults.push(fieldRequired(`${path}.key`, 'must be specified'));
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
    faults.push(fieldRequired(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
    faults.push(fieldForbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  return faults;
}

/** What an authorizer can use of it: equalities and inequalities of one value. */
export function readFieldSelector(selector: SelectorAttributes | undefined): {
  readonly requirements: readonly FieldRequirement[];
  readonly ignored: Ignored;
} {
  if (selector?.rawSelector) {
    const requirements = tried(selector.rawSelector, parseFieldSelector);
    return { requirements: requirements ?? [], ignored: requirements ? undefined : 'ignored' };
  }
  const asked = selector?.requirements ?? [];
  const requirements = asked.flatMap(({ key = '', operator, values = [] }): FieldRequirement[] => {
    if (values.length !== 1 || (operator !== 'In' && operator !== 'NotIn')) return [];
    return [{ field: key, operator: operator === 'In' ? '=' : '!=', value: values[0]! }];
  });
  return { requirements, ignored: ignoredOf(requirements.length, asked.length) };
}

/** No authorizer of ours looks at labels: only what cannot be read is told. */
export function readLabelSelector(selector: SelectorAttributes | undefined): Ignored {
  if (selector?.rawSelector) return tried(selector.rawSelector, parseLabelSelector) ? undefined : 'ignored';
  const asked = selector?.requirements ?? [];
  const readable = asked.filter((each) => ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(each.operator ?? ''));
  return ignoredOf(readable.length, asked.length);
}

const ignoredOf = (read: number, asked: number): Ignored =>
  read === asked ? undefined : read === 0 ? 'ignored' : 'partially ignored';

function tried<T>(raw: string, parse: (raw: string) => T): T | undefined {
  if (raw.length > MOST_RAW_LETTERS) return undefined;
  try {
    return parse(raw);
  } catch {
    return undefined;
  }
}
