import { type KubeObject, type ManagedFieldsEntry, type StructSchema, updateManagedFields } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from './props.ts';
import { compiled, kindOf, lamp } from './schema.fixture.ts';

const text: JsonSchemaProps = { type: 'string' };

const fieldOf = (props: JsonSchemaProps) =>
  (compiled(kindOf({ f: props })).fields['spec']!.schema as StructSchema).fields['f']!;

describe('a compiled schema', () => {
  it.each<[string, JsonSchemaProps, object]>([
    [
      'a list with keys',
      {
        type: 'array',
        items: { type: 'object', properties: { k: text } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      },
      { type: 'list', listType: 'map', keys: ['k'] },
    ],
    ['a set', { type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, { type: 'list', listType: 'set' }],
    ['another list as one value', { type: 'array', items: text }, { type: 'list', listType: 'atomic' }],
    [
      'an atomic map',
      { type: 'object', properties: { a: text }, 'x-kubernetes-map-type': 'atomic' },
      { type: 'struct', atomic: true },
    ],
    ['entries', { type: 'object', additionalProperties: text }, { type: 'map', values: { type: 'string' } }],
    [
      'members of which nothing is known',
      { type: 'object', additionalProperties: true },
      { type: 'map', values: { type: 'any', keepsNoFields: true } },
    ],
    ['an integer or a string', { 'x-kubernetes-int-or-string': true }, { type: 'int-or-string' }],
    ['anything', { 'x-kubernetes-preserve-unknown-fields': true }, { type: 'any', preserveUnknownFields: true }],
    ['a value that may be null', { ...text, nullable: true }, { type: 'string', nullable: true }],
  ])('knows %s', (_name, props, schema) => {
    expect(fieldOf(props).schema).toMatchObject(schema);
  });

  it('tells of a field what its parent says', () => {
    const root = compiled({
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          required: ['a'],
          properties: { a: { ...text, description: 'What it is.', default: 'x' }, b: text },
        },
      },
    });
    const spec = root.fields['spec']!.schema as StructSchema;
    expect(spec.fields['a']).toMatchObject({ required: true, description: 'What it is.', default: 'x' });
    expect(spec.fields['b']).toMatchObject({ required: false });
  });

  it('freezes defaults, which many objects share', () => {
    expect(Object.isFrozen(fieldOf({ type: 'object', additionalProperties: text, default: { a: 'x' } }).default)).toBe(
      true,
    );
  });

  it('takes fields of any name as fields', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}') as Record<
      string,
      JsonSchemaProps
    >;
    const spec = compiled(kindOf(properties)).fields['spec']!.schema as StructSchema;
    expect(Object.keys(spec.fields)).toEqual(['__proto__', 'constructor']);
  });

  it('tells managed fields what is one value and what is many', () => {
    const schema = compiled(
      kindOf({
        ports: {
          type: 'array',
          items: { type: 'object', properties: { port: { type: 'integer' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
        },
        set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
        list: { type: 'array', items: text },
        whole: { type: 'object', properties: { a: text }, 'x-kubernetes-map-type': 'atomic' },
        map: { type: 'object', additionalProperties: text },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
      }),
    );
    const next = lamp({
      ports: [{ port: 1 }],
      set: ['a'],
      list: ['a'],
      whole: { a: 'x' },
      map: { k: 'v' },
      any: { x: { y: [1] } },
    });
    const update = {
      next: next as unknown as KubeObject,
      manager: 'm',
      apiVersion: 'example.com/v1',
      time: '2026-11-24T10:00:00Z',
      schema,
    };
    const [entry] = updateManagedFields(update) as [ManagedFieldsEntry];
    expect(entry.fieldsV1).toEqual({
      'f:spec': {
        '.': {},
        'f:any': { '.': {}, 'f:x': { '.': {}, 'f:y': {} } },
        'f:list': {},
        'f:map': { '.': {}, 'f:k': {} },
        'f:ports': { '.': {}, 'k:{"port":1}': { '.': {}, 'f:port': {} } },
        'f:set': { '.': {}, 'v:"a"': {} },
        'f:whole': {},
      },
    });
  });
});
