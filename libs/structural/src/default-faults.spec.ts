import { atOnce, fieldErrorsText } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { defaultFaults } from './default-faults.ts';
import { objectMeta } from './object-meta.fixture.ts';
import type { JsonSchemaProps } from './props.ts';
import { kindOf } from './schema.fixture.ts';

const at = 's.properties[spec].properties[f]';
const text: JsonSchemaProps = { type: 'string' };
const resource = (properties: Record<string, JsonSchemaProps>): JsonSchemaProps => ({
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  properties,
});

it.each<[string, JsonSchemaProps, ...string[]]>([
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
  ['a default of a number or text', { 'x-kubernetes-int-or-string': true, default: '50%' }],
  ['a default of every part', { type: 'object', default: {}, properties: { a: { ...text, default: 'x' } } }],
])('%s', (_name, field, ...faults) => {
  const found = atOnce(defaultFaults(kindOf({ f: field }), 's', { objectMeta }));
  expect(found.map((fault) => fieldErrorsText([fault]))).toEqual(faults);
});
