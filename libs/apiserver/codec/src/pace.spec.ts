import { expect, it } from 'vitest';
import { isWide } from './pace.ts';

const many = Array.from({ length: 10_000 }, (_, i) => i);

it.each<[string, object, boolean]>([
  ['an ordinary object', { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', ports: [1, 2, 3] }] } }, false],
  ['a long text', { data: { a: 'x'.repeat(1e6) } }, false],
  ['a long list', { spec: { imagePullSecrets: many.map((i) => ({ name: `s${i}` })) } }, true],
  ['a wide map', { metadata: { labels: Object.fromEntries(many.map((i) => [`k${i}`, null])) } }, true],
  ['many short lists', { a: many.slice(0, 1500).map((i) => [i]) }, true],
])('%s: wide %s', (_what, object, wide) => {
  expect(isWide(object)).toBe(wide);
});

it('looks at no more members than it takes to tell', () => {
  let looks = 0;
  const list = new Proxy(many, {
    get(target, key, self) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
      return Reflect.get(target, key, self) as unknown;
    },
  });
  expect(isWide({ list })).toBe(true);
  expect(looks).toBeLessThan(3000);
});
