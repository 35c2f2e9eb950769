import { atOnce, fieldErrorsText, type Json, type JsonObject } from '@kubernest/meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from '../props.ts';
import { prune } from '../prune.ts';
import { anyJson, anyKind, compiled, kindOf, lamp } from '../schema.fixture.ts';
import { validateCustomResource, validateCustomResourceStatus } from './validate-custom-resource.ts';

const told = (faults: ReturnType<typeof validate>): string[] => faults.map((fault) => fieldErrorsText([fault]));
const validate = (object: Json, props: JsonSchemaProps, old?: Json) =>
  atOnce(validateCustomResource(object, compiled(props), { old }));
const faultsOf = (props: JsonSchemaProps, value: Json): string[] =>
  told(validate(lamp({ f: value }), kindOf({ f: props })));

const text = (more: JsonSchemaProps): JsonSchemaProps => ({ type: 'string', ...more });
const whole = (more: JsonSchemaProps): JsonSchemaProps => ({ type: 'integer', ...more });
const list = (more: JsonSchemaProps): JsonSchemaProps => ({ type: 'array', items: { type: 'integer' }, ...more });

const faulty: readonly (readonly [props: JsonSchemaProps, value: Json, ...faults: string[]])[] = [
  [whole({}), 'x', 'spec.f: Invalid value: "string": spec.f in body must be of type integer: "string"'],
  [whole({}), null, 'spec.f: Invalid value: "null": spec.f in body must be of type integer: "null"'],
  [
    whole({}),
    1.5,
    'spec.f: Invalid value: "number": spec.f in body must be of type integer: "number"',
    '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.f',
  ],
  [text({}), {}, 'spec.f: Invalid value: "object": spec.f in body must be of type string: "object"'],
  [
    { 'x-kubernetes-int-or-string': true },
    true,
    'spec.f: Invalid value: "boolean": spec.f in body must be of type integer,string: "boolean"',
  ],
  [whole({ maximum: 10 }), 11, 'spec.f: Invalid value: 11: spec.f in body should be less than or equal to 10'],
  [
    whole({ maximum: 10, exclusiveMaximum: true }),
    10,
    'spec.f: Invalid value: 10: spec.f in body should be less than 10',
  ],
  [
    { type: 'number', minimum: 0.5 },
    0.25,
    'spec.f: Invalid value: 0.25: spec.f in body should be greater than or equal to 0.5',
  ],
  [
    { type: 'number', minimum: 1e6 },
    1.5,
    'spec.f: Invalid value: 1.5: spec.f in body should be greater than or equal to 1e+06',
  ],
  [whole({ multipleOf: 2 }), 3, 'spec.f: Invalid value: 3: spec.f in body should be a multiple of 2'],
  [
    whole({ format: 'int32' }),
    5e9,
    '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.f',
  ],
  [text({ maxLength: 1 }), '😀😀', 'spec.f: Too long: may not be more than 1 byte'],
  [text({ minLength: 2 }), '😀', 'spec.f: Invalid value: "😀": spec.f in body should be at least 2 chars long'],
  [text({ pattern: '^a+$' }), 'b', 'spec.f: Invalid value: "b": spec.f in body should match \'^a+$\''],
  [
    text({ format: 'date' }),
    '2024-02-30',
    'spec.f: Invalid value: "2024-02-30": spec.f in body must be of type date: "2024-02-30"',
  ],
  [text({ enum: ['a', 'b'] }), 'c', 'spec.f: Unsupported value: "c": supported values: "a", "b"'],
  [
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, enum: [{ a: 1 }, 2] },
    { b: 1, a: 2 },
    'spec.f: Unsupported value: {"a":2,"b":1}: supported values: "{\\"a\\":1}", "2"',
  ],
  [list({ maxItems: 1 }), [1, 2], 'spec.f: Too many: 2: must have at most 1 item'],
  [list({ minItems: 1 }), [], 'spec.f: Invalid value: 0: spec.f in body should have at least 1 items'],
  [{ type: 'object', required: ['a'] }, {}, 'spec.f.a: Required value'],
  [
    { type: 'object', maxProperties: 0, additionalProperties: true },
    { a: 1 },
    'spec.f: Too many: 1: must have at most 0 items',
  ],
  [
    { type: 'object', minProperties: 1 },
    {},
    'spec.f: Invalid value: 0: spec.f in body should have at least 1 properties',
  ],
  [
    { type: 'object', additionalProperties: false },
    { a: 1 },
    'spec.f: Invalid value: "a": spec.f.a in body is a forbidden property',
  ],
  [list({ 'x-kubernetes-list-type': 'set' }), [1, 2, 1, 1], 'spec.f[2]: Duplicate value: 1'],
  [
    whole({ anyOf: [{ minimum: 5 }, { enum: [1] }] }),
    2,
    '<nil>: Invalid value: "": "spec.f" must validate at least one schema (anyOf)',
    'spec.f: Invalid value: 2: spec.f in body should be greater than or equal to 5',
  ],
  [
    whole({ oneOf: [{ minimum: 1 }, { maximum: 5 }] }),
    2,
    '<nil>: Invalid value: "": "spec.f" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ],
  [
    whole({ allOf: [{ minimum: 5 }, { maximum: 5 }] }),
    2,
    'spec.f: Invalid value: 2: spec.f in body should be greater than or equal to 5',
    '<nil>: Invalid value: "": "spec.f" must validate all the schemas (allOf)',
  ],
  [whole({ not: { enum: [2] } }), 2, '<nil>: Invalid value: "": "spec.f" must not validate the schema (not)'],
];

const fine: readonly (readonly [JsonSchemaProps, Json])[] = [
  [whole({ nullable: true, minimum: 5 }), null],
  [text({ format: 'no-such-format' }), 'anything'],
  [text({ maxLength: 2 }), '😀😀'],
  [{ type: 'number' }, 3],
  [{ 'x-kubernetes-int-or-string': true }, '25%'],
  [{ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { a: { b: [null] } }],
  [list({ 'x-kubernetes-list-type': 'set' }), [1, 2, 3]],
];

describe('a value of a custom resource', () => {
  it.each<readonly [props: JsonSchemaProps, value: Json, faults: readonly string[]]>(
    faulty.map(([props, value, ...faults]) => [props, value, faults] as const),
  )('%j is not %j', (props, value, faults) => {
    expect(faultsOf(props, value)).toEqual(faults);
  });

  it.each(fine)('%j may be %j', (props, value) => {
    expect(faultsOf(props, value)).toEqual([]);
  });

  it('is told once for each place, and with a type for each cause', () => {
    const faults = validate(lamp({ f: 'x' }), { ...kindOf({ f: whole({}) }), required: ['status'] });
    expect(faults.map(({ type, field }) => [type, field])).toEqual([
      ['FieldValueTypeInvalid', 'spec.f'],
      ['FieldValueRequired', 'status'],
    ]);
  });
});

const ports: JsonSchemaProps = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['port', 'protocol'],
  items: {
    type: 'object',
    required: ['port'],
    properties: { port: whole({}), protocol: text({ default: 'TCP' }), name: text({ maxLength: 1 }) },
  },
};

describe('items with keys', () => {
  it('are told apart by all of them', () => {
    expect(
      faultsOf(ports, [{ port: 1, protocol: 'TCP' }, { port: 1 }, { port: 1, protocol: 'TCP', name: 'a' }]),
    ).toEqual(['spec.f[2]: Duplicate value: {"port":1,"protocol":"TCP"}']);
  });

  it('are objects', () => {
    expect(faultsOf(ports, [5])).toContain(
      'spec.f[0]: Invalid value: 5: must be an object for an array of list-type map',
    );
  });
});

describe('what an update does not change', () => {
  const props = kindOf({
    f: { type: 'object', properties: { old: text({ maxLength: 1 }), next: text({}) } },
    ports,
    list: { type: 'array', items: text({ maxLength: 1 }) },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, maxProperties: 0 },
  });
  const update = (old: Json, next: Json): string[] => told(validate(lamp(next), props, lamp(old)));

  it.each<[string, Json, Json, string[]]>([
    ['may stay, whatever it is', { f: { old: 'long' } }, { f: { old: 'long', next: 'x' } }, []],
    [
      'is told where it changed',
      { f: { old: 'long' } },
      { f: { old: 'other' } },
      ['spec.f.old: Too long: may not be more than 1 byte'],
    ],
    [
      'is told where it is new',
      { f: {} },
      { f: { old: 'long' } },
      ['spec.f.old: Too long: may not be more than 1 byte'],
    ],
    [
      'may stay in an item of the same keys',
      {
        ports: [
          { port: 1, protocol: 'TCP', name: 'long' },
          { port: 2, protocol: 'TCP' },
        ],
      },
      {
        ports: [
          { port: 2, protocol: 'TCP' },
          { port: 1, protocol: 'TCP', name: 'long' },
        ],
      },
      [],
    ],
    [
      'is told in an item of other keys',
      { ports: [{ port: 1, protocol: 'TCP', name: 'long' }] },
      { ports: [{ port: 1, protocol: 'UDP', name: 'long' }] },
      ['spec.ports[0].name: Too long: may not be more than 1 byte'],
    ],
    ['may stay in a list that is the same', { list: ['long'] }, { list: ['long'] }, []],
    [
      'is told in a list that is another',
      { list: ['long'] },
      { list: ['long', 'a'] },
      ['spec.list[0]: Too long: may not be more than 1 byte'],
    ],
    [
      'is told where nothing is known of it',
      { any: { a: 1 } },
      { any: { a: 1 } },
      ['spec.any: Too many: 1: must have at most 0 items'],
    ],
    [
      'may stand twice if it did',
      {
        ports: [
          { port: 1, protocol: 'TCP' },
          { port: 1, protocol: 'TCP' },
        ],
      },
      { ports: [{ port: 1, protocol: 'TCP' }, { port: 1, protocol: 'TCP' }, { port: 2 }, { port: 2 }] },
      [],
    ],
  ])('%s', (_name, old, next, faults) => {
    expect(update(old, next)).toEqual(faults);
  });

  it('is never told more than on a create, and of a plain value not at all', () => {
    fc.assert(
      fc.property(anyKind, anyJson, (schema, spec) => {
        const object = lamp(spec);
        atOnce(prune(object, compiled(schema)));
        const onUpdate = told(validate(object, schema, object));
        expect(told(validate(object, schema))).toEqual(expect.arrayContaining(onUpdate));
        if (spec === null || typeof spec !== 'object') expect(onUpdate).toEqual([]);
      }),
    );
  });
});

describe('a resource within', () => {
  const resource: JsonSchemaProps = {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  };

  it.each<[Json, string[]]>([
    [{}, ['spec.f.apiVersion: Required value', 'spec.f.kind: Required value']],
    [
      { apiVersion: 'a/b/c', kind: '' },
      [
        'spec.f.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
        'spec.f.kind: Invalid value: "": must not be empty',
      ],
    ],
    [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a/b', labels: { 'a b': 'c' } } },
      [
        'spec.f.metadata.name: Invalid value: "a/b": may not contain \'/\'',
        "spec.f.metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: {} }, []],
  ])('%j', (value, faults) => {
    expect(faultsOf(resource, value)).toEqual(faults);
  });
});

describe('the status', () => {
  const props: JsonSchemaProps = {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { n: whole({}) } },
      status: { type: 'object', properties: { n: whole({ maximum: 1 }), old: whole({ maximum: 1 }) } },
    },
  };

  it('is checked alone, and against what it was', () => {
    const old: JsonObject = { ...lamp({ n: 'x' }), status: { old: 2 } };
    const next: JsonObject = { ...old, status: { old: 2, n: 5 } };
    expect(told(atOnce(validateCustomResourceStatus(next, compiled(props), old)))).toEqual([
      'status.n: Invalid value: 5: n in body should be less than or equal to 1',
    ]);
  });
});
