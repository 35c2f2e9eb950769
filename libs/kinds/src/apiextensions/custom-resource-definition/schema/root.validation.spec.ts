import { expect, it } from 'vitest';
import { faultsOfNew, rooted, versioned, withStatus } from '../definition.fixture.ts';

const text = { type: 'string' };
const on = 'x-kubernetes-';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'nothing',
    versioned({ schema: { openAPIV3Schema: {} } }),
    ['@.type: Required value: must not be empty at the root'],
  ],
  [
    'another type',
    rooted({ type: 'array', items: text }),
    ['@.type: Invalid value: "array": must be object at the root'],
  ],
  [
    'another type, with a status',
    withStatus({ type: 'string' }),
    [
      '@.type: Invalid value: "string": only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      '@.type: Invalid value: "string": must be object at the root',
    ],
  ],
  ['no type, with a status', withStatus({}), ['@.type: Required value: must not be empty at the root']],
  [
    'what it may not say with a status',
    withStatus({ type: 'object', oneOf: [{ required: ['a'] }] }),
    [
      '@: Invalid value: {"type":"object","oneOf":[{"required":["a"]}]}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
    ],
  ],
  ['what it may say without', rooted({ oneOf: [{ required: ['a'] }] }), []],
  [
    'what it may say with a status',
    withStatus({
      type: 'object',
      description: 'a',
      title: 'a',
      format: 'date',
      maximum: 1,
      exclusiveMaximum: true,
      minimum: 0,
      exclusiveMinimum: true,
      maxLength: 1,
      minLength: 0,
      pattern: '^a$',
      maxItems: 1,
      minItems: 0,
      multipleOf: 1,
      required: ['a'],
      properties: { a: text },
      externalDocs: { url: 'https://example.com' },
      example: {},
      [`${on}preserve-unknown-fields`]: true,
    }),
    [],
  ],
  [
    'more of what it may not say with a status',
    withStatus({ type: 'object', minProperties: 0 }),
    [
      '@: Invalid value: {"type":"object","minProperties":0}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
    ],
  ],
  [
    'others beside its members, with a status',
    withStatus({ type: 'object', additionalProperties: false }),
    [
      '@: Invalid value: {"type":"object","additionalProperties":false}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
      '@.additionalProperties: Forbidden: must not be used at the root',
    ],
  ],
  [
    'an id before its type, with a status',
    withStatus({ id: 'a', type: 'string' }),
    [
      '@: Invalid value: {"id":"a","type":"string"}: only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled',
      '@.id: Forbidden: id is not supported',
    ],
  ],
  ['null', rooted({ nullable: true }), ['@.nullable: Forbidden: nullable cannot be true at the root']],
  [
    'members beside those it knows',
    rooted({ additionalProperties: text }),
    ['@.additionalProperties: Forbidden: must not be used at the root'],
  ],
  ['a default', rooted({ default: {} }), ['@.default.apiVersion: Required value', '@.default.kind: Required value']],
])('the root of a schema: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
