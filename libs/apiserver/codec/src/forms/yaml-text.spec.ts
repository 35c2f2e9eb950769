import type { Json } from '@kubernest/meta';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeBody } from '../bodies/decode-body.ts';
import { yamlText } from './yaml-text.ts';

const textOf = (value: Json): string => [...yamlText(value)].join('');

test('is what people know from Kubernetes', () => {
  const value: Json = {
    kind: 'ConfigMap',
    metadata: { name: 'm', labels: { 'a/b': 'yes', number: '1' }, annotations: {}, finalizers: [] },
    data: {
      script: '#!/bin/sh\n  echo "ä"\n\ndone\n',
      cut: 'a\nb',
      blank: 'a\n\n\n',
      time: '2026-01-01',
      url: 'http://a:80/b',
    },
    list: [1, -1.5, [true, [null]], { name: 'a: b', items: [{ x: '' }] }],
    ['k'.repeat(2000)]: { a: 1 },
    last: 'more words # no comment',
  };
  expect(textOf(value).replace('k'.repeat(2000), 'k…')).toMatchInlineSnapshot(`
    "kind: ConfigMap
    metadata:
      name: m
      labels:
        a/b: "yes"
        number: "1"
      annotations: {}
      finalizers: []
    data:
      script: |
        #!/bin/sh
          echo "ä"

        done
      cut: |-
        a
        b
      blank: |+
        a


      time: "2026-01-01"
      url: http://a:80/b
    list:
    - 1
    - -1.5
    - - true
      - - null
    - name: "a: b"
      items:
      - x: ""
    ? "k…"
    :
      a: 1
    last: "more words # no comment"
    "
  `);
  expect(parse(textOf(value))).toEqual(value);
});

const pieces = [
  '\n',
  ' ',
  'a',
  '-',
  '#',
  ':',
  '\t',
  '"',
  "'",
  '|',
  'yes',
  '1',
  '\r',
  '\u0085',
  '\u2028',
  '{',
  '&',
  '0x1f',
];
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...pieces, '1e3', '---', '...', '~', '=', 'null', '\u007f', '\ufeff', '%', '@', '!'), {
      maxLength: 8,
    })
    .map((all) => all.join('')),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, min: -(2 ** 53), max: 2 ** 53 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

/** As a body that somebody sends is read: as Go does. */
const asRead = (yaml: string): unknown => {
  const expected = { group: '', version: 'v1', kind: 'X', schema: { type: 'any' } } as const;
  const bytes = Buffer.from(`kind: X\napiVersion: v1\n${yaml}`);
  const how = { fieldValidation: 'Ignore', warn: () => {}, protobuf: undefined } as const;
  return (decodeBody({ ...how, contentType: 'application/yaml', bytes, expected }) as unknown as { x: Json }).x;
};

test('says any value so that readers of YAML 1.1 and of 1.2 take it for the same', () => {
  fc.assert(
    fc.property(value, (any) => {
      const x = JSON.parse(JSON.stringify(any)) as Json;
      const yaml = textOf({ x });
      expect(asRead(yaml)).toEqual(x);
      expect(parse(yaml, { uniqueKeys: false }).x).toEqual(x);
    }),
    { numRuns: 2000 },
  );
});

test('comes a bit at a time, however wide or deep the value', () => {
  const wide = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}` }));
  for (const x of [{ wide }, [{ b: [{ wide }] }], Object.fromEntries(wide.map(({ name }) => [name, name]))]) {
    const parts = [...yamlText({ x })];
    expect(parts.length).toBeGreaterThan(8);
    for (const part of parts) expect(part.length).toBeLessThan(40 * 1024);
    expect(asRead(parts.join(''))).toEqual(x);
  }
});
