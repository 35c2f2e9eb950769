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
  if (value === null) {
    checkNull(checks, name, out);
    checkEnum(checks.enum, value, name, out);
  } else {
    checkType(checks, value, name, out);
    if (checks.anyOf || checks.oneOf || checks.allOf || checks.not)
      out.merge(yield* checkJunctors(checks, subject, checkBranch));
    out.matches += 2;
    if (typeof value === 'string') checkText(checks, value, name, out);
    else if (typeof value === 'number') checkNumber(checks, value, name, out);
    else if (Array.isArray(value)) yield* checkList(checks, value, subject, out);
    checkEnum(checks.enum, value, name, out);
    out.matches++;
    if (isObject(value)) yield* checkObject(checks, value, subject, out);
    out.matches++;
  }
  if (before && out.count > count && (yield* before.isEqual())) out.forgetFrom(count);
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
  for (let i = 0; items && i < list.length; i++)
    yield* checkValue(items, { value: list[i]!, name: `${name}[${i}]`, before: before?.item(i), rests }, out);
  const found = list.length;
  if (minItems !== undefined && found < minItems) out.add(tooFew(name, 'items', { least: minItems, found }));
  if (maxItems !== undefined && found > maxItems) out.add(tooMany(name, 'items', { most: maxItems, found }));
  out.matches += 2;
}

function* checkObject(checks: ValueChecks, object: JsonObject, subject: Subject, out: Findings): Steps<void> {
  const { name, before, rests } = subject;
  const { minProperties: least, maxProperties: most, properties, others } = checks;
  const keys = Object.keys(object);
  if (least !== undefined && keys.length < least) out.add(tooFew(name, 'properties', { least, found: keys.length }));
  if (most !== undefined && keys.length > most) out.add(tooMany(name, 'properties', { most, found: keys.length }));
  for (const key of keys) {
    if (rests.isDue()) yield;
    const known = ownValue(properties, key);
    if (!known && others === false) out.add(forbiddenMember(name, key));
    const member = known ?? (others || undefined);
    if (!member) continue;
    const at = name === '' && known ? key : `${name}.${key}`;
    const isTypeMeta = name === '' && (key === 'kind' || key === 'apiVersion');
    const old = isTypeMeta ? undefined : before?.member(key);
    yield* checkValue(member, { value: object[key]!, name: at, before: old, rests }, out);
  }
  for (const key of checks.required ?? []) {
    if (rests.isDue()) yield;
    if (!Object.hasOwn(object, key)) out.add(missing(name, key));
  }
  out.matches++;
}
