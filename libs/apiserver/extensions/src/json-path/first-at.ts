import { type Looks, looksOfRow } from '@kubernest/definitions';
import { isObject, type Json, type JsonObject, ownValue, type Steps } from '@kubernest/meta';
import type { PathStep, Test } from './parse.ts';

/**
 * The first value that a path leads to, in the object's order; undefined where it leads nowhere, or nowhere within the looks that are left.
 * Each value is looked at once for each step of the path, however many ways lead to it.
 */
export const firstAt = (value: Json, path: readonly PathStep[], looks = looksOfRow()): Steps<Json | undefined> =>
  search(value, path, new Spending(looks));

const LOOKS_A_STEP = 256;

class Spending {
  #inStep = 0;

  constructor(private readonly looks: Looks) {}

  get isOver(): boolean {
    return this.looks.left <= 0;
  }

  /** Whether a step ends here. */
  spend(looks: number): boolean {
    this.looks.left -= looks;
    this.#inStep += looks;
    if (this.#inStep < LOOKS_A_STEP) return false;
    this.#inStep = 0;
    return true;
  }
}

/** Values that so many steps of the path led to, one after the other; of an object those of its keys, as listing its values takes far longer. */
class Ahead {
  #next = 0;

  constructor(
    private readonly of: readonly Json[] | JsonObject,
    readonly steps: number,
    private readonly keys = Array.isArray(of) ? undefined : Object.keys(of),
  ) {}

  get count(): number {
    return this.keys?.length ?? (this.of as readonly Json[]).length;
  }

  get isOver(): boolean {
    return this.#next === this.count;
  }

  take(): Json {
    const at = this.#next++;
    return this.keys ? (this.of as JsonObject)[this.keys[at]!]! : (this.of as readonly Json[])[at]!;
  }
}

function* search(root: Json, path: readonly PathStep[], spending: Spending): Steps<Json | undefined> {
  const seen = new Map<number, Set<Json>>();
  // Those that come next are last. Of a wide value none is copied for it.
  const ahead = [new Ahead([root], 0)];
  for (let from = ahead.at(-1); from; from = ahead.at(-1)) {
    if (spending.isOver) return undefined;
    if (from.isOver) {
      ahead.pop();
      continue;
    }
    const { steps } = from;
    const value = from.take();
    const step = path[steps];
    if (!step) return value;
    if (spending.spend(1)) yield;
    if (step.type === 'below') {
      // Of what lies within what is known already nothing new can come.
      const known = seen.getOrInsertComputed(steps, () => new Set());
      if (!holdsOthers(value) || known.has(value)) continue;
      known.add(value);
      const members = new Ahead(value as JsonObject, steps);
      ahead.push(members, new Ahead(fieldOf(value, step.name), steps + 1));
      if (spending.spend(Array.isArray(value) ? 0 : members.count)) yield;
      continue;
    }
    const next = new Ahead(
      step.type === 'filter' ? yield* passing(value, step, spending) : follow(value, step),
      steps + 1,
    );
    ahead.push(next);
    if (spending.spend(next.count)) yield;
  }
  return undefined;
}

const holdsOthers = (value: Json): boolean => typeof value === 'object' && value !== null;

type Simple = Exclude<PathStep, { type: 'below' | 'filter' }>;

/** A list of what comes next, or the object whose members do. */
function follow(value: Json, step: Simple): readonly Json[] | JsonObject {
  switch (step.type) {
    case 'field':
      return fieldOf(value, step.name);
    case 'index':
      return Array.isArray(value) ? some(value.at(step.index)) : [];
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    default:
      return holdsOthers(value) ? (value as JsonObject) : [];
  }
}

const some = (value: Json | undefined): readonly Json[] => (value === undefined ? [] : [value]);
const fieldOf = (value: Json, name: string): readonly Json[] => (isObject(value) ? some(ownValue(value, name)) : []);

function sliced(list: readonly Json[], { from, to, by = 1 }: Extract<PathStep, { type: 'slice' }>): readonly Json[] {
  return by > 0 ? list.slice(from, to).filter((_, i) => i % by === 0) : [];
}

/** Those members that have what the filter's own path asks for. */
function* passing(
  value: Json,
  { path, test }: Extract<PathStep, { type: 'filter' }>,
  spending: Spending,
): Steps<readonly Json[]> {
  const passed: Json[] = [];
  for (const members = new Ahead(holdsOthers(value) ? (value as JsonObject) : [], 0); !members.isOver; ) {
    if (spending.isOver) break;
    const member = members.take();
    if (spending.spend(1)) yield;
    const found = yield* search(member, path, spending);
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
