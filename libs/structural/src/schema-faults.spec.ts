import { atOnce, fieldErrorsText } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { objectMeta } from './object-meta.fixture.ts';
import type { JsonSchemaProps } from './props.ts';
import { kindOf } from './schema.fixture.ts';
import { schemaFaults } from './schema-faults.ts';

const faultsOf = (props: JsonSchemaProps, hasStatus = false): string[] =>
  atOnce(schemaFaults(props, 's', { objectMeta, hasStatus })).map((fault) => fieldErrorsText([fault]));

const at = 's.properties[spec].properties[f]';
const text: JsonSchemaProps = { type: 'string' };
const keyed = (items: JsonSchemaProps, more: JsonSchemaProps = {}): JsonSchemaProps => ({
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['k'],
  items: { type: 'object', ...items },
  ...more,
});
const resource = (properties: Record<string, JsonSchemaProps>): JsonSchemaProps => ({
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  properties,
});

/** What is refused of one field of a spec. */
const refused: readonly (readonly [string, JsonSchemaProps, ...string[]])[] = [
  [
    'a type that is none',
    { type: 'foo' },
    `${at}.type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"`,
  ],
  [
    'items that are unique',
    { type: 'array', items: text, uniqueItems: true },
    `${at}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
  ],
  [
    'properties beside others',
    { type: 'object', properties: { a: text }, additionalProperties: text },
    `${at}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  [
    'a list type of what is no list',
    { type: 'object', 'x-kubernetes-list-type': 'set' },
    `${at}.type: Invalid value: "object": must be array if x-kubernetes-list-type is specified`,
  ],
  [
    'an unknown list type',
    { type: 'array', items: text, 'x-kubernetes-list-type': 'bag' },
    `${at}.x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"`,
  ],
  [
    'a map type of what is no map',
    { ...text, 'x-kubernetes-map-type': 'atomic' },
    `${at}.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified`,
  ],
  [
    'a set of objects that are not atomic',
    { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' },
    `${at}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
  ],
  [
    'items that may be null',
    { type: 'array', items: { ...text, nullable: true }, 'x-kubernetes-list-type': 'set' },
    `${at}.items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set`,
  ],
  [
    'a key that is no property',
    keyed({ properties: {} }),
    `${at}.x-kubernetes-list-map-keys: Invalid value: ["k"]: entries must all be names of item properties`,
  ],
  [
    'a key that an item may lack',
    keyed({ properties: { k: text } }),
    `${at}.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
  ],
  [
    'a key that may be null',
    keyed({ required: ['k'], properties: { k: { ...text, nullable: true } } }),
    `${at}.items.properties[k].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable`,
  ],
  [
    'a key that is a list',
    keyed({ required: ['k'], properties: { k: { type: 'array', items: text } } }),
    `${at}.items.properties[k].type: Invalid value: "object": must be a scalar type if parent array's x-kubernetes-list-type is map`,
  ],
  [
    'a key that is named twice',
    keyed({ required: ['k'], properties: { k: text } }, { 'x-kubernetes-list-map-keys': ['k', 'k'] }),
    `${at}.x-kubernetes-list-map-keys: Invalid value: ["k","k"]: must not contain duplicate entries`,
  ],
  [
    'no keys',
    keyed({}, { 'x-kubernetes-list-map-keys': [] }),
    `${at}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
  ],
  [
    'keys of no list with keys',
    { type: 'array', items: text, 'x-kubernetes-list-map-keys': ['k'] },
    `${at}.x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty`,
  ],
  ['a reference', { ...text, $ref: '#/x' }, `${at}.$ref: Forbidden: $ref is not supported`],
  [
    'a resource in metadata',
    resource({ metadata: resource({ x: text }) }),
    `${at}.properties[metadata].x-kubernetes-embedded-resource: Forbidden: must not be used inside of resource meta`,
  ],
  [
    'a rule of nothing',
    { ...text, 'x-kubernetes-validations': [{ rule: ' ', reason: 'Because' }] },
    `${at}.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    `${at}.x-kubernetes-validations[0].rule: Required value: rule is not specified`,
  ],
  [
    'a rule of many lines without a message',
    { ...text, 'x-kubernetes-validations': [{ rule: 'true\n' }, { rule: 'a\n&& b' }] },
    `${at}.x-kubernetes-validations[1].message: Required value: message must be specified if rule contains line breaks`,
  ],
  [
    'a default of another type',
    { type: 'integer', default: 'x' },
    `${at}.default: Invalid value: "string":  in body must be of type integer: "string"`,
  ],
  [
    'a default with unknown fields',
    { type: 'object', properties: { a: text }, default: { b: 1 } },
    `${at}.default: Invalid value: {"b":1}: must not have unknown fields`,
  ],
  [
    'a default in items that are none',
    { type: 'array', items: { type: 'integer', minimum: 1, default: 0 } },
    `${at}.items.default: Invalid value: 0:  in body should be greater than or equal to 1`,
  ],
  [
    'a default that makes no resource',
    { ...resource({ a: text }), default: { kind: 'K' } },
    `${at}.default.apiVersion: Required value`,
  ],
  [
    'a default that makes no metadata',
    resource({ metadata: { type: 'object', properties: { name: { ...text, default: 'a/b' } } } }),
    `${at}.properties[metadata].properties[name].default: Invalid value: "a/b": must result in valid metadata: metadata.name: Invalid value: "a/b": may not contain '/'`,
  ],
];

describe('a schema', () => {
  it.each(refused.map(([name, field, ...faults]) => ({ name, field, faults })))(
    'has not $name',
    ({ field, faults }) => {
      expect(faultsOf(kindOf({ f: field }))).toEqual(faults);
    },
  );

  it.each<[string, JsonSchemaProps, string]>([
    ['a null', { type: 'object', nullable: true }, 's.nullable: Forbidden: nullable cannot be true at the root'],
    [
      'defaults of what every object has',
      { type: 'object', properties: { kind: { ...text, default: 'Lamp' } } },
      's.properties[kind].default: Forbidden: must not be set in top-level kind',
    ],
    [
      'only what others tell better',
      { type: 'object', properties: { a: { ...text, 'x-kubernetes-preserve-unknown-fields': false } } },
      's.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined',
    ],
  ])('has not, at its root, %s', (_name, props, fault) => {
    expect(faultsOf(props)).toEqual([fault]);
  });

  it('has beside a status nothing at its root that the status would lose', () => {
    const props: JsonSchemaProps = { type: 'object', properties: {}, maxProperties: 5 };
    expect(faultsOf(props)).toEqual([]);
    expect(faultsOf(props, true)).toEqual([
      expect.stringContaining('fields are allowed at the root of the schema if the status subresource is enabled'),
    ]);
    expect(faultsOf({ type: 'object', required: ['spec'] }, true)).toEqual([]);
  });

  it('may have every keyword in its place', () => {
    const fields: Record<string, JsonSchemaProps> = {
      list: keyed({ required: ['k'], properties: { k: text, n: { type: 'integer', default: 1 } } }),
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
      map: {
        type: 'object',
        additionalProperties: { type: 'string', maxLength: 5 },
        'x-kubernetes-map-type': 'granular',
      },
      port: { 'x-kubernetes-int-or-string': true, default: '50%' },
      when: { type: 'string', format: 'date-time', nullable: true, pattern: '^2' },
      tpl: { ...resource({ spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }) },
      rule: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', message: 'more than one' }] },
    };
    expect(faultsOf({ ...kindOf(fields), oneOf: [{ required: ['spec'] }] })).toEqual([]);
  });
});
