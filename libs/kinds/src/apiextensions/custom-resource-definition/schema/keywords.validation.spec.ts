import { expect, it } from 'vitest';
import { faultsOfNew, holding, rooted } from '../definition.fixture.ts';

const text = { type: 'string' };
const on = 'x-kubernetes-';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  ['a type', holding(text), []],
  ['no type', holding({}), ['@.properties[a].type: Required value: must not be empty for specified object fields']],
  [
    'an unknown type',
    holding({ type: 'text' }),
    [
      '@.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'the type of null',
    holding({ type: 'null' }),
    [
      '@.properties[a].type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"',
      '@.properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative',
    ],
  ],
  ['null beside a type', holding({ type: 'string', nullable: true }), []],
  [
    'null without a type',
    holding({ nullable: true }),
    ['@.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  ['an id', holding({ type: 'string', id: 'a' }), ['@.properties[a].id: Forbidden: id is not supported']],
  [
    'a dialect',
    holding({ type: 'string', $schema: 'https://json-schema.org/draft-04/schema' }),
    ['@: Invalid value: "": OpenAPIV3Schema \'schema\' is not supported'],
  ],
  ['a reference', holding({ type: 'string', $ref: '#/a' }), ['@.properties[a].$ref: Forbidden: $ref is not supported']],
  [
    'definitions',
    holding({ type: 'string', definitions: { b: text } }),
    ['@.properties[a].definitions: Forbidden: definitions is not supported'],
  ],
  [
    'definitions with a fault',
    holding({ type: 'string', definitions: { b: { type: 'text' } } }),
    [
      '@.properties[a].definitions: Forbidden: definitions is not supported',
      '@.properties[a].definitions[b].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'dependencies',
    holding({ type: 'object', dependencies: { b: { type: 'text' }, c: ['d'] } }),
    [
      '@.properties[a].dependencies: Forbidden: dependencies is not supported',
      '@.properties[a].dependencies[b].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'patterns of names',
    holding({ type: 'object', patternProperties: { '^a': text } }),
    ['@.properties[a].patternProperties: Forbidden: patternProperties is not supported'],
  ],
  [
    'items beside items',
    holding({ type: 'array', items: text, additionalItems: text }),
    ['@.properties[a].additionalItems: Forbidden: additionalItems is not supported'],
  ],
  [
    'no items beside items',
    holding({ type: 'array', items: text, additionalItems: false }),
    ['@.properties[a].additionalItems: Forbidden: additionalItems is not supported'],
  ],
  [
    'a list of items',
    holding({ type: 'array', items: [text, { type: 'text' }] }),
    [
      '@.properties[a].items: Forbidden: items must be a schema object and not an array',
      '@.properties[a].items[1].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  ['an array of nothing', holding({ type: 'array' }), ['@.properties[a].items: Required value: must be specified']],
  [
    'items without a type',
    holding({ type: 'array', items: {} }),
    ['@.properties[a].items.type: Required value: must not be empty for specified array items'],
  ],
  [
    'unique items',
    holding({ type: 'array', items: text, uniqueItems: true }),
    [
      '@.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
  [
    'members and a map',
    holding({ type: 'object', properties: { b: text }, additionalProperties: text }),
    ['@.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
  ],
  [
    'members and nothing else',
    holding({ type: 'object', properties: { b: text }, additionalProperties: false }),
    ['@.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
  ],
  ['members and everything else', holding({ type: 'object', properties: { b: text }, additionalProperties: true }), []],
  ['a map', holding({ type: 'object', additionalProperties: text }), []],
  [
    'a map with a fault',
    holding({ type: 'object', additionalProperties: { type: 'text' } }),
    [
      '@.properties[a].additionalProperties.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  ['a pattern', holding({ type: 'string', pattern: '^a+$' }), []],
  [
    'a pattern that is none',
    holding({ type: 'string', pattern: '(' }),
    [
      '@.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
    ],
  ],
  [
    'a pattern that looks back',
    holding({ type: 'string', pattern: '(a)\\1' }),
    [
      '@.properties[a].pattern: Invalid value: "(a)\\\\1": must be a valid regular expression, but isn\'t: error parsing regexp: invalid escape sequence: `\\1`',
    ],
  ],
  [
    'types in conditions',
    holding({ type: 'object', properties: { b: text }, anyOf: [{ type: 'object' }], not: { properties: { b: text } } }),
    [
      '@.properties[a].anyOf[0].type: Forbidden: must be empty to be structural',
      '@.properties[a].not.properties[b].type: Forbidden: must be empty to be structural',
    ],
  ],
  [
    'conditions on what is not there',
    holding({ type: 'object', allOf: [{ properties: { b: { minLength: 1 } } }] }),
    [],
  ],
  [
    'faults in conditions',
    holding({
      type: 'object',
      allOf: [{ type: 'text' }],
      oneOf: [{ uniqueItems: true }],
      anyOf: [{ id: 'b' }],
      not: { $ref: 'c' },
    }),
    [
      '@.properties[a].not.$ref: Forbidden: $ref is not supported',
      '@.properties[a].allOf[0].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
      '@.properties[a].oneOf[0].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      '@.properties[a].anyOf[0].id: Forbidden: id is not supported',
    ],
  ],
  ['an integer or a text', holding({ [`${on}int-or-string`]: true }), []],
  [
    'an integer or a text, as conditions say it',
    holding({ [`${on}int-or-string`]: true, anyOf: [{ type: 'integer' }, { type: 'string' }] }),
    [],
  ],
  [
    'an integer or a text, and more',
    holding({
      [`${on}int-or-string`]: true,
      allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { pattern: '^a' }],
    }),
    [],
  ],
  ['an integer or a text, and null', holding({ [`${on}int-or-string`]: true, nullable: true }), []],
  [
    'an integer or a text, and anything',
    holding({ [`${on}int-or-string`]: true, [`${on}preserve-unknown-fields`]: true }),
    [
      '@.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
    ],
  ],
  ['anything', holding({ [`${on}preserve-unknown-fields`]: true }), []],
  [
    'not anything',
    holding({ type: 'object', [`${on}preserve-unknown-fields`]: false }),
    ['@.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined'],
  ],
  [
    'a resource within',
    holding({ type: 'object', [`${on}embedded-resource`]: true, [`${on}preserve-unknown-fields`]: true }),
    [],
  ],
  [
    'a resource within of which nothing is known',
    holding({ type: 'object', [`${on}embedded-resource`]: true }),
    [
      '@.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    ],
  ],
  [
    'a resource within that is none',
    holding({ type: 'string', [`${on}embedded-resource`]: true, [`${on}preserve-unknown-fields`]: true }),
    ['@.properties[a].type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true'],
  ],
  [
    'a resource within metadata',
    rooted({
      properties: {
        metadata: { type: 'object', [`${on}embedded-resource`]: true, [`${on}preserve-unknown-fields`]: true },
      },
    }),
    [
      '@.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      '@.properties[metadata].x-kubernetes-embedded-resource: Forbidden: must not be used inside of resource meta',
    ],
  ],
  [
    'a resource within the metadata of one within',
    holding({
      type: 'object',
      [`${on}embedded-resource`]: true,
      properties: {
        metadata: {
          type: 'object',
          properties: {
            b: { type: 'object', [`${on}embedded-resource`]: true, [`${on}preserve-unknown-fields`]: true },
          },
        },
      },
    }),
    [
      '@.properties[a].properties[metadata].properties[b].x-kubernetes-embedded-resource: Forbidden: must not be used inside of resource meta',
    ],
  ],
  [
    'of metadata more than names',
    rooted({ properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } }),
    [
      '@.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'of metadata names',
    rooted({
      properties: {
        metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 10 }, generateName: text } },
      },
    }),
    [],
  ],
  [
    'metadata, kind and version of other types',
    rooted({ properties: { metadata: text, kind: { type: 'integer' }, apiVersion: { type: 'object' } } }),
    [
      '@.properties[apiVersion].type: Invalid value: "object": must be string',
      '@.properties[kind].type: Invalid value: "integer": must be string',
      '@.properties[metadata].type: Invalid value: "string": must be object',
    ],
  ],
])('keywords of a schema: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
