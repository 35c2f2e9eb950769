import { expect, it } from 'vitest';
import { faultsOfNew, holding, mapOf, setOf } from '../definition.fixture.ts';

const text = { type: 'string' };
const keyed = { type: 'object', required: ['b'], properties: { b: { type: 'string', maxLength: 5 } } };
const on = 'x-kubernetes-';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'a list type without a type',
    holding({ [`${on}preserve-unknown-fields`]: true, [`${on}list-type`]: 'atomic' }),
    ['@.properties[a].type: Required value: must be array if x-kubernetes-list-type is specified'],
  ],
  [
    'a list type of no list',
    holding({ type: 'object', [`${on}list-type`]: 'atomic' }),
    ['@.properties[a].type: Invalid value: "object": must be array if x-kubernetes-list-type is specified'],
  ],
  [
    'an unknown list type',
    holding({ type: 'array', items: text, [`${on}list-type`]: 'bag' }),
    ['@.properties[a].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"'],
  ],
  ['an atomic list', holding({ type: 'array', items: keyed, [`${on}list-type`]: 'atomic' }), []],
  [
    'keys of an atomic list',
    holding({ type: 'array', items: keyed, [`${on}list-type`]: 'atomic', [`${on}list-map-keys`]: ['b'] }),
    [
      '@.properties[a].x-kubernetes-list-type: Invalid value: "atomic": must be map if x-kubernetes-list-map-keys is non-empty',
    ],
  ],
  [
    'keys without a list type',
    holding({ type: 'array', items: keyed, [`${on}list-map-keys`]: ['b'] }),
    ['@.properties[a].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty'],
  ],
  ['a map', mapOf(keyed), []],
  [
    'a map without keys',
    mapOf(keyed, []),
    ['@.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
  ],
  [
    'a map without items',
    mapOf(undefined),
    [
      '@.properties[a].items: Required value: must be specified',
      '@.properties[a].items: Required value: must have a schema if x-kubernetes-list-type is map',
    ],
  ],
  [
    'a map of several items',
    mapOf([keyed]),
    [
      '@.properties[a].items: Forbidden: items must be a schema object and not an array',
      '@.properties[a].items: Invalid value: [{"type":"object","required":["b"],"properties":{"b":{"type":"string","maxLength":5}}}]: must only have a single schema if x-kubernetes-list-type is map',
    ],
  ],
  [
    'a map of texts',
    mapOf(text),
    [
      '@.properties[a].items.type: Invalid value: "string": must be object if parent array\'s x-kubernetes-list-type is map',
    ],
  ],
  [
    'a map by what is not there',
    mapOf(keyed, ['b', 'c', 'd']),
    [
      '@.properties[a].x-kubernetes-list-map-keys: Invalid value: ["b","c","d"]: entries must all be names of item properties',
    ],
  ],
  [
    'a map by one key twice',
    mapOf(keyed, ['b', 'b']),
    ['@.properties[a].x-kubernetes-list-map-keys: Invalid value: ["b","b"]: must not contain duplicate entries'],
  ],
  [
    'a map by what is no scalar',
    mapOf(
      {
        type: 'object',
        required: ['b', 'c'],
        properties: { b: { type: 'object' }, c: { type: 'array', items: text } },
      },
      ['b', 'c'],
    ),
    [
      '@.properties[a].items.properties[b].type: Invalid value: "object": must be a scalar type if parent array\'s x-kubernetes-list-type is map',
      '@.properties[a].items.properties[c].type: Invalid value: "object": must be a scalar type if parent array\'s x-kubernetes-list-type is map',
    ],
  ],
  [
    'a map by what may be missing',
    mapOf({ type: 'object', properties: { b: text } }),
    [
      '@.properties[a].items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  ['a map by what has a default', mapOf({ type: 'object', properties: { b: { type: 'string', default: 'x' } } }), []],
  [
    'a map by what may be null',
    mapOf({ type: 'object', required: ['b'], properties: { b: { type: 'string', nullable: true } } }),
    [
      '@.properties[a].items.properties[b].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable',
    ],
  ],
  [
    'a map of what may be null',
    mapOf({ ...keyed, nullable: true }),
    ['@.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map'],
  ],
  ['a set', setOf(text), []],
  [
    'a set of what may be null',
    setOf({ type: 'string', nullable: true }),
    ['@.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set'],
  ],
  [
    'a set of objects',
    setOf({ type: 'object' }),
    [
      '@.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'a set of granular objects',
    setOf({ type: 'object', [`${on}map-type`]: 'granular' }),
    [
      '@.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  ['a set of atomic objects', setOf({ type: 'object', [`${on}map-type`]: 'atomic' }), []],
  ['a set of lists', setOf({ type: 'array', items: text }), []],
  ['a set of atomic lists', setOf({ type: 'array', items: text, [`${on}list-type`]: 'atomic' }), []],
  [
    'a set of sets',
    setOf({ type: 'array', items: text, [`${on}list-type`]: 'set' }),
    [
      '@.properties[a].items.x-kubernetes-list-type: Invalid value: "set": must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'a map type without a type',
    holding({ [`${on}preserve-unknown-fields`]: true, [`${on}map-type`]: 'atomic' }),
    ['@.properties[a].type: Required value: must be object if x-kubernetes-map-type is specified'],
  ],
  [
    'a map type of no map',
    holding({ type: 'string', [`${on}map-type`]: 'granular' }),
    ['@.properties[a].type: Invalid value: "string": must be object if x-kubernetes-map-type is specified'],
  ],
  [
    'an unknown map type',
    holding({ type: 'object', [`${on}map-type`]: 'bag' }),
    ['@.properties[a].x-kubernetes-map-type: Unsupported value: "bag": supported values: "atomic", "granular"'],
  ],
  ['an atomic map', holding({ type: 'object', [`${on}map-type`]: 'atomic' }), []],
  ['a granular map', holding({ type: 'object', [`${on}map-type`]: 'granular' }), []],
])('lists and maps: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
