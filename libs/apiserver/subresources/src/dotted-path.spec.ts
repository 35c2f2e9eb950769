import { expect, it } from 'vitest';
import { setAt, valueAt } from './dotted-path.ts';

it.each([
  ['.spec.replicas', 3],
  ['.spec.none', undefined],
  ['.spec.replicas.more', undefined],
  ['.spec.constructor.name', undefined],
  ['.spec.__proto__', undefined],
])('at %s stands %j', (path, value) => {
  expect(valueAt({ spec: { replicas: 3 } }, path)).toBe(value);
});

it.each(['.spec.replicas', '.none.replicas', '.spec.__proto__.replicas', '.constructor.prototype.replicas'])(
  'what is set at %s stands there and nowhere else',
  (path) => {
    const object = { spec: { a: 1 } };
    setAt(object, path, 5);
    expect(valueAt(object, path)).toBe(5);
    expect(({} as { replicas?: number }).replicas).toBeUndefined();
  },
);
