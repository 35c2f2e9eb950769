import { expect, it } from 'vitest';
import { faultsOfNew, faultsOfNext, lamps, list, rooted, ruled, version } from '../definition.fixture.ts';

const text = { type: 'string' };
const wide = (count: number, member: object = text) => Object.fromEntries(list(count).map((i) => [`p${i}`, member]));
const deep = (levels: number, leaf: object = text): object =>
  list(levels).reduce<object>((within) => ({ type: 'object', properties: { a: within } }), leaf);

// A schema may be as large as a request, whose every part is looked at: what took more than linear time would take minutes here.
it.each<[string, object]>([
  ['20,000 properties', rooted({ properties: wide(20_000) })],
  ['290 levels', rooted({ properties: { a: deep(290) } })],
  [
    '290 levels of lists',
    rooted({ properties: { a: list(290).reduce<object>((items) => ({ type: 'array', items }), text) } }),
  ],
  ['5,000 defaults', rooted({ properties: wide(5000, { type: 'string', default: 'x' }) })],
  ['20,000 conditions', rooted({ properties: wide(10), anyOf: list(20_000).map(() => ({ required: ['p1'] })) })],
  ['20,000 rules with a path', ruled(...list(20_000).map(() => ({ rule: 'self.b == oldSelf.b', fieldPath: '.b' })))],
  ['1,000 versions', lamps({ versions: list(1000).map((i) => version(`v${i + 1}`, { deprecated: i > 0 })) })],
])('a schema of %s is fine', (_, crd) => {
  expect(faultsOfNew(crd)).toEqual([]);
  expect(faultsOfNext(crd, crd)).toEqual([]);
});

it.each<[string, object]>([
  ['20,000 properties', rooted({ properties: wide(20_000, { type: 'text', uniqueItems: true }) })],
  ['290 levels', rooted({ properties: { a: deep(290, { type: 'text' }) } })],
  [
    '20,000 keys',
    rooted({
      properties: {
        a: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          items: { type: 'object' },
          'x-kubernetes-list-map-keys': list(20_000).map((i) => `k${i}`),
        },
      },
    }),
  ],
  ['20,000 rules', ruled(...list(20_000).map(() => ({ rule: '' })))],
  ['10,000 versions', lamps({ versions: list(10_000).map((i) => version(`V${i}`, { storage: true })) })],
])('a schema of %s with a fault in each is refused with a few hundred', (_, crd) => {
  for (const faults of [faultsOfNew(crd), faultsOfNext(lamps(), crd)]) {
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThan(2500);
  }
});
