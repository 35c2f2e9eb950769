import { Rests, type Steps } from './steps.ts';
import { isScalar, setKey } from './value.ts';

type Members = Readonly<Record<string, unknown>>;

/** Of a list its indices, which need no texts. */
const keysOf = (value: unknown): Iterable<string> =>
  Array.isArray(value) ? (value.keys() as Iterable<unknown> as Iterable<string>) : Object.keys(value as Members);

/** `freezeAsJson` in short steps. */
export const freezeInSteps = (value: unknown): Steps<void> => freeze(value, new Rests());

function* freeze(value: unknown, rests: Rests): Steps<void> {
  if (isScalar(value) || Object.isFrozen(value)) return;
  // Not by its values: to list those of a very wide object takes three times as long as its keys, and neither can be paused.
  for (const key of keysOf(value)) {
    if (rests.isDue()) yield;
    const member = (value as Members)[key];
    if (member === undefined) delete (value as Record<string, unknown>)[key];
    else if (!isScalar(member)) yield* freeze(member, rests);
  }
  Object.freeze(value);
}

/** `deepEqual` in short steps. */
export const equalInSteps = (a: unknown, b: unknown): Steps<boolean> => equal(a, b, new Rests());

function* equal(a: unknown, b: unknown, rests: Rests): Steps<boolean> {
  if (a === b) return true;
  if (isScalar(a) || isScalar(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== (b as readonly unknown[]).length) return false;
  let present = 0;
  for (const key of keysOf(a)) {
    if (rests.isDue()) yield;
    const [value, other] = [(a as Members)[key], Object.hasOwn(b as Members, key) ? (b as Members)[key] : undefined];
    if (value === undefined) continue;
    present++;
    if (value !== other && !(yield* equal(value, other, rests))) return false;
  }
  for (const key of keysOf(b)) {
    if (rests.isDue()) yield;
    if ((b as Members)[key] !== undefined) present--;
  }
  return present === 0;
}

/** `clone` in short steps. */
export const cloneInSteps = <T>(value: T): Steps<T> => copy(value, new Rests()) as Steps<T>;

function* copy(value: unknown, rests: Rests): Steps<unknown> {
  if (isScalar(value)) return value;
  const out: Record<string, unknown> | unknown[] = Array.isArray(value) ? new Array(value.length) : {};
  for (const key of keysOf(value)) {
    if (rests.isDue()) yield;
    const member = (value as Members)[key];
    const copied = isScalar(member) ? member : yield* copy(member, rests);
    if (copied !== undefined) setKey(out as Record<string, unknown>, key, copied);
  }
  return out;
}
