import { builtinKinds } from '@kubernest/kinds';
import { atOnce, type FieldError, fieldInvalid, fieldRequired, type KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { refusalOf } from './rules.ts';

const [definition] = builtinKinds;
const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', namespace: 'a' } } as KubeObject;
const causesOf = (faults: readonly FieldError[]) => {
  const judged = { ...definition!, validate: () => faults };
  const context = { subresource: '', now: new Date(0), old: undefined };
  return atOnce(refusalOf({ definition: judged, object, context }))?.details?.causes?.map(({ message }) => message);
};

it('what is said twice is told once', () => {
  expect(
    causesOf([
      fieldRequired('spec.a'),
      fieldRequired('spec.a', 'it says how many'),
      fieldInvalid('spec.b', { c: 1 }, 'must be a number'),
      fieldInvalid('spec.b', { c: 1 }, 'must be a number'),
      fieldInvalid('spec.b', { c: 2 }, 'must be a number'),
    ]),
  ).toEqual(['Required value', 'Invalid value: {"c":1}: must be a number', 'Invalid value: {"c":2}: must be a number']);
});

it('of a vast value only the beginning is read', () => {
  let reads = 0;
  const vast = new Proxy(new Array(1_000_000).fill(0) as number[], {
    get(target, key, self) {
      reads++;
      return Reflect.get(target, key, self) as unknown;
    },
  });
  const causes = causesOf(['one', 'two', 'three'].map((detail) => fieldInvalid('spec.a', vast, detail)));
  expect(causes).toHaveLength(3);
  expect(reads).toBeLessThan(1_000_000 * 3);
});
