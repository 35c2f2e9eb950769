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

const noType = '.type: Unsupported value: "text"';
it.each<[string, object, { readonly counts: readonly [ofNew: number, ofNext: number]; readonly first: string }]>([
  [
    '20,000 properties',
    rooted({ properties: wide(20_000, { type: 'text', uniqueItems: true }) }),
    { counts: [500, 500], first: `.properties[p0]${noType}` },
  ],
  [
    '290 levels',
    rooted({ properties: { a: deep(290, { type: 'text' }) } }),
    { counts: [1, 1], first: `.properties[a]${noType}` },
  ],
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
    { counts: [1, 1], first: '.properties[a].x-kubernetes-list-map-keys: Invalid value: ["k0","k1"' },
  ],
  [
    '20,000 rules',
    ruled(...list(20_000).map(() => ({ rule: '' }))),
    { counts: [500, 500], first: '.x-kubernetes-validations[0].rule: Required value: rule is not specified' },
  ],
  [
    '10,000 versions',
    lamps({ versions: list(10_000).map((i) => version(`V${i}`, { storage: true })) }),
    { counts: [1002, 1003], first: 'spec.versions[0].name: Invalid value: "V0"' },
  ],
])(
  'a schema of %s with a fault in each is refused with a bounded number, the first of them first',
  (_, crd, { counts, first }) => {
    const found = [faultsOfNew(crd), faultsOfNext(lamps(), crd)];
    expect(found.map((faults) => faults.length)).toEqual(counts);
    for (const [fault] of found) expect(fault).toContain(first);
  },
);
