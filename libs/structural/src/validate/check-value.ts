import {
  isObject,
  type Json,
  type JsonObject,
  ownValue,
  type Rests,
  type Steps,
  type ValueChecks,
} from '@kubernest/meta';
import type { Correlated } from './correlated.ts';
import { checkEnum } from './enum-check.ts';
import { Findings } from './findings.ts';
import { checkJunctors } from './junctors.ts';
import { checkNumber } from './number-checks.ts';
import { checkText } from './text-checks.ts';
import { checkNull, checkType } from './type-check.ts';
import { forbiddenMember, missing, tooFew, tooMany } from './words.ts';

/** A value within what is checked. */
export interface Subject {
  readonly value: Json;
  /** Its path: `spec.replicas`, '' for the whole. */
  readonly name: string;
  /** The value before an update, where there is one. */
  readonly before?: Correlated;
  readonly rests: Rests;
}

/**
 * All checks of one value and what is within it. What an update left as it was is not told. Time linear in the value for each alternative that the
 * checks combine, in steps; as deep as the checks are.
 */
export function* checkValue(checks: ValueChecks, subject: Subject, out: Findings): Steps<void> {
  if (subject.rests.isDue()) yield;
  const { value, name, before } = subject;
  const count = out.count;
  if (isPlain(checks, value)) checkPlain(checks, value, name, out);
  else {
    checkType(checks, value, name, out);
    if (combines(checks)) out.merge(yield* checkJunctors(checks, subject, checkBranch));
    checkScalar(checks, value, name, out);
    if (Array.isArray(value)) yield* checkList(checks, value, subject, out);
    checkEnum(checks.enum, value, name, out);
    if (isObject(value)) yield* checkObject(checks, value, subject, out);
    out.matches += 4;
  }
  if (before && out.count > count && (yield* before.isEqual())) out.forgetFrom(count);
}

const combines = (checks: ValueChecks): boolean =>
  checks.anyOf !== undefined || checks.oneOf !== undefined || checks.allOf !== undefined || checks.not !== undefined;

/** There is nothing within the value, and no alternative to it. */
const isPlain = (checks: ValueChecks, value: Json): boolean =>
  value === null || (typeof value !== 'object' && !combines(checks));

function checkPlain(checks: ValueChecks, value: Json, name: string, out: Findings): void {
  if (value === null) checkNull(checks, name, out);
  else {
    checkType(checks, value, name, out);
    checkScalar(checks, value, name, out);
    out.matches += 4;
  }
  checkEnum(checks.enum, value, name, out);
}

function checkScalar(checks: ValueChecks, value: Json, name: string, out: Findings): void {
  if (typeof value === 'string') checkText(checks, value, name, out);
  else if (typeof value === 'number' || typeof value === 'bigint') checkNumber(checks, value, name, out);
}

interface Part {
  readonly value: Json;
  readonly name: string;
  old(): Correlated | undefined;
}

/** Of an object or list most parts are plain, with nothing wrong, so that nobody need look for what they were. */
function checkPart(checks: ValueChecks, { value, name, old }: Part, out: Findings): void {
  const count = out.count;
  checkPlain(checks, value, name, out);
  if (out.count === count) return;
  const before = old();
  if (before && before.next === before.old) out.forgetFrom(count);
}

/** compat: what an update did not change is told all the same where it stands in an alternative. */
function* checkBranch(checks: ValueChecks, { value, name, rests }: Subject): Steps<Findings> {
  const found = new Findings();
  yield* checkValue(checks, { value, name, rests }, found);
  return found;
}

function* checkList(checks: ValueChecks, list: readonly Json[], subject: Subject, out: Findings): Steps<void> {
  const { name, before, rests } = subject;
  const { items, minItems, maxItems } = checks;
  if (before && items) yield* before.indexItems();
  for (let i = 0; items && i < list.length; i++) {
    if (rests.isDue()) yield;
    const [value, at] = [list[i]!, `${name}[${i}]`];
    const old = () => before?.item(i);
    if (isPlain(items, value)) checkPart(items, { value, name: at, old }, out);
    else yield* checkValue(items, { value, name: at, before: old(), rests }, out);
  }
  const found = list.length;
  if (minItems !== undefined && found < minItems) out.add(() => tooFew(name, 'items', { least: minItems, found }));
  if (maxItems !== undefined && found > maxItems) out.add(() => tooMany(name, 'items', { most: maxItems, found }));
  out.matches += 2;
}

function* checkObject(checks: ValueChecks, object: JsonObject, subject: Subject, out: Findings): Steps<void> {
  const { name, before, rests } = subject;
  const { minProperties: least, maxProperties: most, properties, others } = checks;
  const keys = Object.keys(object);
  if (least !== undefined && keys.length < least)
    out.add(() => tooFew(name, 'properties', { least, found: keys.length }));
  if (most !== undefined && keys.length > most)
    out.add(() => tooMany(name, 'properties', { most, found: keys.length }));
  for (const key of keys) {
    if (rests.isDue()) yield;
    const known = ownValue(properties, key);
    if (!known && others === false) out.add(() => forbiddenMember(name, key));
    const member = known ?? (others || undefined);
    if (!member) continue;
    const at = name === '' && known ? key : `${name}.${key}`;
    const value = object[key]!;
    const isTypeMeta = name === '' && (key === 'kind' || key === 'apiVersion');
    const old = () => (isTypeMeta ? undefined : before?.member(key));
    if (isPlain(member, value)) checkPart(member, { value, name: at, old }, out);
    else yield* checkValue(member, { value, name: at, before: old(), rests }, out);
  }
  for (const key of checks.required ?? []) {
    if (rests.isDue()) yield;
    if (!Object.hasOwn(object, key)) out.add(() => missing(name, key));
  }
  out.matches++;
}
