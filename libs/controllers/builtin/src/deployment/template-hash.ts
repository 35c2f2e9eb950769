import type { Deployment } from '@kubernest/kinds';
import { isScalar, jsonBytesInSteps, Rests, type Steps, setKey, sortInSteps } from '@kubernest/meta';
import { SAFE_ALPHABET } from '../shared/random-name.ts';

const BYTES_A_STEP = 64 * 1024;

/** A short, stable name for a pod template; the collision count gives another one where it is taken. */
export function* templateHash(
  template: NonNullable<Deployment['spec']>['template'] | undefined,
  collisionCount: number | undefined,
): Steps<string> {
  const json = yield* jsonBytesInSteps(yield* sorted(template ?? {}, new Rests()));
  const count = collisionCount === undefined ? '' : `#${collisionCount}`;
  let hash = 0x811c9dc5;
  // By index: an iterator takes several times as long.
  for (const bytes of [json, Buffer.from(count)])
    for (let i = 0; i < bytes.length; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0x01000193) >>> 0;
      if (i % BYTES_A_STEP === 0) yield;
    }
  return [...String(hash)].map((digit) => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]).join('');
}

const inOrder = (keys: readonly string[]): Steps<string[]> =>
  sortInSteps(
    keys,
    (key) => key,
    (a, b) => (a < b ? -1 : 1),
  );

/** A copy whose keys are in order. */
function* sorted(value: unknown, rests: Rests): Steps<unknown> {
  if (isScalar(value)) return value;
  const isList = Array.isArray(value);
  const keys = isList ? value.keys() : yield* inOrder(Object.keys(value as object));
  const copy = isList ? [] : {};
  for (const key of keys as Iterable<string>) {
    if (rests.isDue()) yield;
    setKey(copy as Record<string, unknown>, key, yield* sorted((value as Record<string, unknown>)[key], rests));
  }
  return copy;
}
