import { atOnce, type Json } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { firstAt } from './first-at.ts';
import { parseJsonPath } from './parse.ts';

const object: Json = {
  spec: {
    list: [
      { name: 'a', on: false },
      { name: 'b', on: true, within: { name: 'c', last: null } },
    ],
    n: 3,
  },
  status: { name: 'd' },
};

it.each<[string, Json | undefined]>([
  ['.spec.n', 3],
  ['.spec.x', undefined],
  ['.spec.list[0].name', 'a'],
  ['.spec.list[-1].name', 'b'],
  ['.spec.list[1:].name', 'b'],
  ['.spec.list[*].within.name', 'c'],
  ['.*.name', 'd'],
  ['.spec.list[?(@.on==true)].name', 'b'],
  ['.spec.list[?(@.within)].name', 'b'],
  ['.spec.list[?(@..name=="c")].name', undefined],
  ['.spec.list[?(@..name=="b")].name', 'b'],
  ['..name', 'd'],
  ['.spec..name', 'a'],
  ['.spec..within.name', 'c'],
  ['..within..last', null],
  ['..list..within..name', 'c'],
])('%s leads first to %j', (path, value) => {
  // Fields of the object itself come before those within its members.
  const top = path === '..name' ? { ...(object as object), name: 'd' } : object;
  expect(atOnce(firstAt(top as Json, parseJsonPath(path)!))).toEqual(value);
});

const nested = (levels: number): Json => {
  let value: Json = { b: 1 };
  for (let i = 0; i < levels; i++) value = { a: value };
  return value;
};
const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));

it.each([1, 6, 100])('%d times any depth: steps are linear in the object and in the path', (count) => {
  const path = parseJsonPath(`${'..a'.repeat(count)}..none`)!;
  const steps = [...firstAt(nested(900), path)].length;
  expect(steps).toBeLessThan((900 * 3 * (count + 1)) / 256 + 1);
});

it('what would take very many looks leads nowhere', () => {
  const path = parseJsonPath('..a[?(@..a..none)]')!;
  const steps = [...firstAt(nested(900), path)].length;
  expect(steps).toBeLessThan(8_000);
});

it('each look at what is wide is a step', () => {
  const list = Array.from({ length: 50 }, () => ({ ...wide }));
  expect([...firstAt({ list } as Json, parseJsonPath('.list[*]..none')!)].length).toBeGreaterThanOrEqual(50);
});

it('what was looked at is gone, and where nothing is left every path leads nowhere', () => {
  const looks = { left: 30_000 };
  const path = parseJsonPath('..none')!;
  expect([...firstAt(wide, path, looks)].length).toBeGreaterThan(0);
  expect(looks.left).toBeLessThan(30_000 - 10_000);
  for (let i = 0; i < 3; i++) atOnce(firstAt(wide, path, looks));
  expect(looks.left).toBeLessThanOrEqual(0);
  expect(atOnce(firstAt(object, parseJsonPath('.spec.n')!, looks))).toBeUndefined();
});
