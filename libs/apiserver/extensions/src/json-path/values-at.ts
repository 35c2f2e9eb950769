import { isObject, type Json, ownValue } from '@kubernest/meta';
import type { PathStep, Test } from './parse.ts';

/** What a path leads to, in order; nothing where it leads nowhere. */
export function valuesAt(value: Json, path: readonly PathStep[]): readonly Json[] {
  let values: readonly Json[] = [value];
  for (const step of path) values = values.flatMap((each) => follow(each, step));
  return values;
}

function follow(value: Json, step: PathStep): readonly Json[] {
  switch (step.type) {
    case 'field':
      return fieldOf(value, step.name);
    case 'index':
      return Array.isArray(value) ? some(value.at(step.index)) : [];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    case 'all':
      return membersOf(value);
    case 'below':
      return [...below(value, step.name)];
    default:
      return membersOf(value).filter((member) => passes(member, step.path, step.test));
  }
}

const some = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value]);
const fieldOf = (value: Json, name: string): readonly Json[] => (isObject(value) ? some(ownValue(value, name)) : []);
const membersOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : isObject(value) ? (Object.values(value) as Json[]) : [];

function sliced(list: readonly Json[], { from, to, by = 1 }: Extract<PathStep, { type: 'slice' }>): readonly Json[] {
  return by > 0 ? list.slice(from, to).filter((_, i) => i % by === 0) : [];
}

/** Every field of that name, at any depth. */
function* below(value: Json, name: string): Generator<Json> {
  yield* fieldOf(value, name);
  for (const member of membersOf(value)) yield* below(member, name);
}

function passes(value: Json, path: readonly PathStep[], test: Test | undefined): boolean {
  const found = valuesAt(value, path);
  if (!test) return found.length > 0;
  const [first] = found;
  return (
    first !== undefined && typeof first === typeof test.value && compares(first as string | number | boolean, test)
  );
}

function compares(value: string | number | boolean, { operator, value: other }: Test): boolean {
  switch (operator) {
    case '==':
      return value === other;
    case '!=':
      return value !== other;
    case '<':
      return value < other;
    case '<=':
      return value <= other;
    case '>':
      return value > other;
    default:
      return value >= other;
  }
}
