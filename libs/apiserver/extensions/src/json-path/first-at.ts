import { isObject, type Json, ownValue, type Steps } from '@kubernest/meta';
import type { PathStep, Test } from './parse.ts';

/** So many values are looked at for one answer: many times as many as an object can hold. */
const MOST_LOOKS = 1_000_000;

/**
 * The first value that a path leads to, in the object's order; undefined where it leads nowhere, or nowhere within `MOST_LOOKS`. Each value is looked at once
 * for each step of the path, however many ways lead to it.
 */
export const firstAt = (value: Json, path: readonly PathStep[]): Steps<Json | undefined> =>
  search(value, path, new Looks());

const LOOKS_A_STEP = 256;

/** What is spent on one answer. */
class Looks {
  #left = MOST_LOOKS;
  #inStep = 0;

  get isOver(): boolean {
    return this.#left <= 0;
  }

  *spend(looks: number): Steps<void> {
    this.#left -= looks;
    this.#inStep += looks;
    if (this.#inStep < LOOKS_A_STEP) return;
    this.#inStep = 0;
    yield;
  }
}

/** A value, and how many steps of the path led to it. */
type Found = readonly [value: Json, steps: number];

function* search(root: Json, path: readonly PathStep[], looks: Looks): Steps<Json | undefined> {
  const seen = new Map<number, Set<Json>>();
  // Those that come next are last.
  const ahead: Found[] = [[root, 0]];
  for (let found = ahead.pop(); found; found = ahead.pop()) {
    if (looks.isOver) return undefined;
    const [value, steps] = found;
    const step = path[steps];
    if (!step) return value;
    if (step.type === 'below') {
      const known = seen.getOrInsertComputed(steps, () => new Set());
      yield* looks.spend(1 + lookBelow(found, step.name, { ahead, known }));
      continue;
    }
    const next = step.type === 'filter' ? yield* passing(value, step, looks) : follow(value, step);
    for (const each of next.toReversed()) ahead.push([each, steps + 1]);
    yield* looks.spend(1 + next.length);
  }
  return undefined;
}

const holdsOthers = (value: Json): boolean => typeof value === 'object' && value !== null;

/** A field of that name, and then all at any depth; how many there are. Of what lies within what is known already nothing new can come. */
function lookBelow(
  [value, steps]: Found,
  name: string,
  { ahead, known }: { readonly ahead: Found[]; readonly known: Set<Json> },
): number {
  if (!holdsOthers(value) || known.has(value)) return 0;
  known.add(value);
  const members = membersOf(value);
  for (const member of members.toReversed()) if (holdsOthers(member)) ahead.push([member, steps]);
  for (const field of fieldOf(value, name)) ahead.push([field, steps + 1]);
  return members.length;
}

type Simple = Exclude<PathStep, { type: 'below' | 'filter' }>;

function follow(value: Json, step: Simple): readonly Json[] {
  switch (step.type) {
    case 'field':
      return fieldOf(value, step.name);
    case 'index':
      return Array.isArray(value) ? some(value.at(step.index)) : [];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    default:
      return membersOf(value);
  }
}

const some = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value]);
const fieldOf = (value: Json, name: string): readonly Json[] => (isObject(value) ? some(ownValue(value, name)) : []);
const membersOf = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value : isObject(value) ? (Object.values(value) as Json[]) : [];

function sliced(list: readonly Json[], { from, to, by = 1 }: Extract<PathStep, { type: 'slice' }>): readonly Json[] {
  return by > 0 ? list.slice(from, to).filter((_, i) => i % by === 0) : [];
}

/** Those members that have what the filter's own path asks for. */
function* passing(
  value: Json,
  { path, test }: Extract<PathStep, { type: 'filter' }>,
  looks: Looks,
): Steps<readonly Json[]> {
  const passed: Json[] = [];
  for (const member of membersOf(value)) {
    if (looks.isOver) break;
    yield* looks.spend(1);
    const found = yield* search(member, path, looks);
    if (found !== undefined && (!test || compares(found, test))) passed.push(member);
  }
  return passed;
}

const typeName = (value: Json): string => (typeof value === 'bigint' ? 'number' : typeof value);

function compares(value: Json, { operator, value: other }: Test): boolean {
  if (typeName(value) !== typeName(other)) return false;
  const one = value as typeof other;
  switch (operator) {
    case '==':
      return one === other;
    case '!=':
      return one !== other;
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    default:
      return one >= other;
  }
}
