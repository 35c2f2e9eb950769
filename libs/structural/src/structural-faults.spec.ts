import { atOnce, fieldErrorsText } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from './props.ts';
import { structuralFaults } from './structural-faults.ts';
import { unsupportedKeyword } from './unsupported-keyword.ts';

const faultsOf = (props: JsonSchemaProps): string[] =>
  atOnce(structuralFaults(props, 's')).map((fault) => fieldErrorsText([fault]));

const root = (properties: Record<string, JsonSchemaProps>, more: JsonSchemaProps = {}): JsonSchemaProps => ({
  type: 'object',
  properties,
  ...more,
});

const text: JsonSchemaProps = { type: 'string' };
const intOrString: JsonSchemaProps = { 'x-kubernetes-int-or-string': true };

const structural: Record<string, JsonSchemaProps> = {
  'the least there is': { type: 'object' },
  'fields of each type': root({
    a: text,
    b: { type: 'array', items: { type: 'integer' } },
    c: { type: 'object', additionalProperties: text },
    d: { type: 'object', additionalProperties: true },
    e: { 'x-kubernetes-preserve-unknown-fields': true },
  }),
  'an integer or a string, in each form': root({
    bare: intOrString,
    any: { ...intOrString, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    all: { ...intOrString, allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { maxLength: 3 }] },
  }),
  'names in metadata': root({ metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 5 } } } }),
  'conditions on what has a shape': root({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }),
  'an embedded resource': root({
    a: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
  }),
};

const faulty: readonly (readonly [string, JsonSchemaProps, readonly string[]])[] = [
  ['no type at the root', {}, ['s.type: Required value: must not be empty at the root']],
  ['a root of another type', { type: 'string' }, ['s.type: Invalid value: "string": must be object at the root']],
  [
    'a field without a type',
    root({ a: {} }),
    ['s.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  [
    'items without a type',
    root({ a: { type: 'array', items: {} } }),
    ['s.properties[a].items.type: Required value: must not be empty for specified array items'],
  ],
  [
    'a list without items',
    root({ a: { type: 'array' } }),
    ['s.properties[a].items: Required value: must be specified'],
  ],
  [
    'additional properties at the root',
    { type: 'object', additionalProperties: false },
    ['s.additionalProperties: Forbidden: must not be used at the root'],
  ],
  [
    'more than names in metadata',
    root({ metadata: { type: 'object', properties: { labels: { type: 'object' } } } }),
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'a description of metadata',
    root({ metadata: { type: 'object', description: 'x' } }),
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'no others in metadata',
    root({ metadata: { type: 'object', additionalProperties: false } }),
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'a bound of zero on metadata',
    root({ metadata: { type: 'object', minProperties: 0 } }),
    [
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'a kind of another type',
    root({ kind: { type: 'integer' }, metadata: text }),
    [
      's.properties[kind].type: Invalid value: "integer": must be string',
      's.properties[metadata].type: Invalid value: "string": must be object',
    ],
  ],
  [
    'a pattern that is none',
    root({ a: { type: 'string', pattern: 'a(' } }),
    [
      's.properties[a].pattern: Invalid value: "a(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `a(`',
    ],
  ],
  [
    'a shape within conditions',
    root({ a: { ...text, anyOf: [{ type: 'string', title: 'x', default: 1, nullable: true }] } }),
    [
      's.properties[a].anyOf[0].default: Forbidden: must be undefined to be structural',
      's.properties[a].anyOf[0].nullable: Forbidden: must be false to be structural',
      's.properties[a].anyOf[0].title: Forbidden: must be empty to be structural',
      's.properties[a].anyOf[0].type: Forbidden: must be empty to be structural',
    ],
  ],
  [
    'conditions on what has none',
    root({ a: { type: 'object' } }, { not: { properties: { a: { properties: { b: { items: {} } } }, c: {} } } }),
    [
      's.properties[a].properties[b]: Required value: because it is defined in s.not.properties[a].properties[b]',
      's.properties[c]: Required value: because it is defined in s.not.properties[c]',
    ],
  ],
  [
    'metadata within conditions',
    root({ metadata: { type: 'object' } }, { allOf: [{ properties: { metadata: {} } }] }),
    ['s.allOf[0].properties[metadata]: Forbidden: must not be specified in a nested context'],
  ],
  [
    'an embedded resource of nothing',
    root({ a: { type: 'object', 'x-kubernetes-embedded-resource': true, additionalProperties: true } }),
    [
      's.properties[a].additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set',
      's.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    ],
  ],
  [
    'an integer or string that is more',
    root({ a: { ...intOrString, 'x-kubernetes-preserve-unknown-fields': true } }),
    [
      's.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
    ],
  ],
];

describe('a structural schema', () => {
  it.each(Object.entries(structural))('may have %s', (_name, props) => {
    expect(faultsOf(props)).toEqual([]);
  });

  it.each(faulty)('has not %s', (_name, props, faults) => {
    expect(faultsOf(props)).toEqual(faults);
  });

  it('is walked however deep it is, and in steps however wide', () => {
    let deep: JsonSchemaProps = {};
    for (let level = 0; level < 5000; level++) deep = { type: 'object', properties: { a: deep } };
    expect(faultsOf(deep)).toHaveLength(1);
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, text]));
    expect([...structuralFaults(root(wide), 's')].length).toBeGreaterThan(20);
  });
});

describe('what of JSON Schema is not supported', () => {
  it.each<[JsonSchemaProps, string]>([
    [{ $ref: '#/x' }, "OpenAPIV3Schema '$ref' is not supported"],
    [root({ a: { allOf: [{ id: 'x' }] } }), "OpenAPIV3Schema 'id' is not supported"],
    [{ items: [{ type: 'string' }] }, "OpenAPIV3Schema 'items' must be a schema, but is an array"],
    [{ additionalItems: false }, "OpenAPIV3Schema 'additionalItems' is not supported"],
    [
      { 'x-kubernetes-preserve-unknown-fields': false },
      "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined",
    ],
  ])('%j', (props, why) => {
    expect(atOnce(unsupportedKeyword(props))).toBe(why);
  });
});
