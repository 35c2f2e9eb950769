import { atOnce } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from '../props.ts';
import { openApiV2, openApiV3 } from './openapi.ts';

const common = {
  apiVersion: { type: 'string', description: 'Which version.' },
  kind: { type: 'string', description: 'Which kind.' },
  metadata: { $ref: '#/ObjectMeta' },
};
const alternatives = [{ type: 'integer' }, { type: 'string' }];
const embedded = {
  apiVersion: expect.objectContaining({ type: 'string', description: expect.stringContaining('versioned schema') }),
  kind: expect.objectContaining({ type: 'string', description: expect.stringContaining('string value') }),
  metadata: common.metadata,
};

/** A field of a kind, as each version of OpenAPI tells it. */
const table: readonly (readonly [string, JsonSchemaProps, object, object])[] = [
  [
    'a text',
    { type: 'string', maxLength: 5, default: 'x', description: 'd' },
    { type: 'string', maxLength: 5, default: 'x', description: 'd' },
    { type: 'string', maxLength: 5, description: 'd' },
  ],
  [
    'a value that may be null',
    { type: 'array', items: { type: 'string' }, nullable: true },
    { type: 'array', items: { type: 'string' }, nullable: true },
    {},
  ],
  [
    'an integer or a string',
    { 'x-kubernetes-int-or-string': true },
    { 'x-kubernetes-int-or-string': true, anyOf: alternatives },
    { 'x-kubernetes-int-or-string': true },
  ],
  [
    'the same with alternatives',
    { 'x-kubernetes-int-or-string': true, anyOf: [{ maxLength: 1 }] },
    { 'x-kubernetes-int-or-string': true, anyOf: [{ maxLength: 1 }], allOf: [{ anyOf: alternatives }] },
    { 'x-kubernetes-int-or-string': true },
  ],
  [
    'alternatives',
    { type: 'integer', oneOf: [{ minimum: 1 }], not: { enum: [2] } },
    { type: 'integer', oneOf: [{ minimum: 1 }], not: { enum: [2] } },
    { type: 'integer' },
  ],
  [
    'unknown fields',
    { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
    { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
    { 'x-kubernetes-preserve-unknown-fields': true },
  ],
  [
    'a required field that may be null',
    {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'string', nullable: true }, b: { type: 'string' } },
    },
    {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'string', nullable: true }, b: { type: 'string' } },
    },
    { type: 'object', required: ['b'], properties: { a: {}, b: { type: 'string' } } },
  ],
  [
    'a resource within',
    { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'integer' } } },
    {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'integer' }, ...embedded },
      required: ['kind', 'apiVersion'],
    },
    {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'integer' }, ...embedded },
      required: ['kind', 'apiVersion'],
    },
  ],
  [
    'other members',
    { type: 'object', additionalProperties: false },
    { type: 'object', additionalProperties: false },
    { type: 'object', additionalProperties: false },
  ],
  [
    'keys',
    { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
    { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
    { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
  ],
];

describe('OpenAPI tells', () => {
  it.each(table)('%s', (_name, field, v3, v2) => {
    const props: JsonSchemaProps = { type: 'object', properties: { spec: field } };
    expect(atOnce(openApiV3(props, common))).toEqual({ type: 'object', properties: { spec: v3, ...common } });
    expect(atOnce(openApiV2(props, common))).toEqual({ type: 'object', properties: { spec: v2, ...common } });
  });

  it('nothing where there is no schema, nor to old clients of what keeps all', () => {
    const open: JsonSchemaProps = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    for (const told of [openApiV3(undefined, common), openApiV2(undefined, common), openApiV2(open, common)])
      expect(atOnce(told)).toEqual({ type: 'object' });
    expect(atOnce(openApiV3(open, common))).toEqual({ ...open, properties: common });
  });
});
