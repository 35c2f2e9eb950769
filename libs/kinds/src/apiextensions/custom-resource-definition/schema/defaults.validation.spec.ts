import { expect, it } from 'vitest';
import { faultsOfNew, holding, rooted } from '../definition.fixture.ts';

const text = { type: 'string' };
const on = 'x-kubernetes-';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  ['one', holding({ type: 'string', default: 'x' }), []],
  ['null', holding({ type: 'string', default: null }), []],
  ['one within', holding({ type: 'object', default: {}, properties: { b: { type: 'integer', default: 1 } } }), []],
  [
    'in a condition',
    holding({ type: 'string', anyOf: [{ default: 'x' }] }),
    ['@.properties[a].anyOf[0].default: Forbidden: must be undefined to be structural'],
  ],
  [
    'in top-level metadata',
    rooted({
      properties: { metadata: { type: 'object', default: {}, properties: { name: { type: 'string', default: 'a' } } } },
    }),
    [
      '@.properties[metadata].default: Forbidden: must not be set in top-level metadata',
      '@.properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata',
    ],
  ],
  [
    'of kind and version',
    rooted({
      properties: {
        kind: { type: 'string', default: 'Lamp' },
        apiVersion: { type: 'string', default: 'example.com/v1' },
      },
    }),
    [
      '@.properties[kind].default: Forbidden: must not be set in top-level kind',
      '@.properties[apiVersion].default: Forbidden: must not be set in top-level apiVersion',
    ],
  ],
  [
    'in a map of metadata',
    holding({
      type: 'object',
      [`${on}embedded-resource`]: true,
      properties: {
        metadata: {
          type: 'object',
          properties: { labels: { type: 'object', additionalProperties: { type: 'string', default: 'x' } } },
        },
      },
    }),
    [
      '@.properties[a].properties[metadata].properties[labels].additionalProperties.default: Forbidden: must not be set inside additionalProperties applying to object metadata',
    ],
  ],
  [
    'of another type',
    holding({ type: 'string', default: 7 }),
    ['@.properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"'],
  ],
  [
    'with more than is known',
    holding({ type: 'object', properties: { b: text }, default: { b: 'x', c: 'y' } }),
    ['@.properties[a].default: Invalid value: {"b":"x","c":"y"}: must not have unknown fields'],
  ],
  [
    'against a condition',
    holding({ type: 'string', pattern: '^a', default: 'b' }),
    ['@.properties[a].default: Invalid value: "b":  in body should match \'^a\''],
  ],
])('defaults: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
