import type { LabelRequirement, LabelRequirements, Labels } from './label-selector.ts';
import { atOnce, Rests, type Steps } from './steps.ts';

/** Whether labels are among those that a selector means. Costs what the smaller of the two has, however wide the other is. */
export type LabelMatcher = (labels: Labels) => boolean;

/** Up to so many are asked about one by one without looking how many labels there are: to count very wide ones takes milliseconds. */
const FEW = 64;

/** All entries of a map. Of few labels one is missing soon. */
export function matcherOfMap(wanted: Labels): LabelMatcher {
  const keys = Object.keys(wanted);
  return (labels) => keys.every((key) => Object.hasOwn(labels, key) && labels[key] === wanted[key]);
}

/** All requirements, those on one key taken together. */
export const matcherOfRequirements = (requirements: LabelRequirements): LabelMatcher =>
  atOnce(matcherInSteps(requirements));

/** The same in steps, for what is as wide as an object. */
export function* matcherInSteps(requirements: LabelRequirements): Steps<LabelMatcher> {
  const conditions = new Map<string, Condition>();
  const rests = new Rests();
  for (const requirement of requirements) {
    yield* narrow(conditionOf(conditions, requirement.key), requirement, rests);
    if (rests.isDue()) yield;
  }
  const needed = [...conditions.values()].filter((condition) => condition.needed).length;
  return (labels) => {
    if (conditions.size <= FEW || conditions.size <= sizeOf(labels)) return eachHolds(conditions, labels);
    return needed <= sizeOf(labels) && eachIsAllowed(conditions, needed, labels);
  };
}

function eachHolds(conditions: ReadonlyMap<string, Condition>, labels: Labels): boolean {
  for (const [key, condition] of conditions)
    if (!holds(condition, Object.hasOwn(labels, key) ? labels[key] : undefined)) return false;
  return true;
}

/** The same, asked from the side of the labels: those that are needed are all met. */
function eachIsAllowed(conditions: ReadonlyMap<string, Condition>, needed: number, labels: Labels): boolean {
  let met = 0;
  for (const key of Object.keys(labels)) {
    const condition = conditions.get(key);
    if (!condition) continue;
    if (!holds(condition, labels[key])) return false;
    if (condition.needed) met++;
  }
  return met === needed;
}

/** All that is asked of one label. */
interface Condition {
  needed: boolean;
  unwanted: boolean;
  oneOf?: Set<string>;
  noneOf?: Set<string>;
  above?: bigint;
  below?: bigint;
}

function conditionOf(conditions: Map<string, Condition>, key: string): Condition {
  const known = conditions.get(key);
  if (known) return known;
  const made: Condition = { needed: false, unwanted: false };
  conditions.set(key, made);
  return made;
}

function* narrow(condition: Condition, { operator, values }: LabelRequirement, rests: Rests): Steps<void> {
  if (operator === 'DoesNotExist') {
    condition.unwanted = true;
    return;
  }
  if (operator === 'NotIn') {
    condition.noneOf ??= new Set();
    yield* addAll(condition.noneOf, values, rests);
    return;
  }
  condition.needed = true;
  if (operator === 'In') {
    const more = new Set<string>();
    yield* addAll(more, values, rests);
    condition.oneOf = condition.oneOf?.intersection(more) ?? more;
  } else if (operator !== 'Exists') bound(condition, operator, values[0]);
}

function* addAll(set: Set<string>, values: readonly string[], rests: Rests): Steps<void> {
  for (const value of values) {
    set.add(value);
    if (rests.isDue()) yield;
  }
}

/** The narrower of two bounds; one that is no number lets nothing through. */
function bound(condition: Condition, operator: 'Gt' | 'Lt', value: string | undefined): void {
  const number = numberOf(value);
  if (number === undefined) condition.oneOf = new Set();
  else if (operator === 'Gt') {
    if (condition.above === undefined || number > condition.above) condition.above = number;
  } else if (condition.below === undefined || number < condition.below) condition.below = number;
}

function holds(condition: Condition, value: string | undefined): boolean {
  const { needed, unwanted, oneOf, noneOf, above, below } = condition;
  if (value === undefined) return !needed;
  if (unwanted || noneOf?.has(value) || oneOf?.has(value) === false) return false;
  if (above === undefined && below === undefined) return true;
  const number = numberOf(value);
  return number !== undefined && (above === undefined || number > above) && (below === undefined || number < below);
}

const numberOf = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^[+-]?\d{1,63}$/.test(text) ? BigInt(text) : undefined;

const sizes = new WeakMap<Labels, number>();

/** Counted once: wide labels meet as many selectors as there are. */
function sizeOf(labels: Labels): number {
  let size = sizes.get(labels);
  if (size === undefined) {
    size = Object.keys(labels).length;
    sizes.set(labels, size);
  }
  return size;
}
