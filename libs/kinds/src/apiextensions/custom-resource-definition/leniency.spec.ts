import { expect, it } from 'vitest';
import {
  byWebhook,
  calling,
  faultsOfNext,
  holding,
  lamps,
  list,
  mapOf,
  selecting,
  setOf,
  version,
  versioned,
} from './definition.fixture.ts';

const text = { type: 'string' };
const nine = { properties: Object.fromEntries(list(9).map((i) => [`a${i}`, text])) };
const selectsNine = (schema: object) =>
  two(
    {
      schema: { openAPIV3Schema: { type: 'object', ...nine, ...schema } },
      selectableFields: list(9).map((i) => ({ jsonPath: `.a${i}` })),
    },
    {},
  );
const approvedAs = (text?: string) =>
  lamps(
    { group: 'a.k8s.io' },
    { metadata: { name: 'lamps.a.k8s.io', ...(text && { annotations: { 'api-approved.kubernetes.io': text } }) } },
  );
const keyed = { type: 'object', required: ['b'], properties: { b: text } };
const pem = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkZPTw==';
const served = {
  status: {
    storedVersions: ['v1'],
    acceptedNames: { plural: 'lamps', kind: 'Lamp' },
    conditions: [
      { type: 'Established', status: 'True', lastTransitionTime: '2026-11-24T10:00:00Z', reason: 'a', message: '' },
    ],
  },
};
const withServed = (o: object) => ({ ...o, ...served });
const unpruned = (schema?: object) =>
  lamps({ preserveUnknownFields: true, versions: [version('v1', { schema: schema && { openAPIV3Schema: schema } })] });
const many = (n: number) =>
  selecting(
    list(n).map((i) => `.a${i}`),
    Object.fromEntries(list(20).map((i) => [`a${i}`, text])),
  );
const two = (first: Record<string, unknown>, second: Record<string, unknown>) =>
  lamps({ versions: [version('v1', first), version('v2', second)] });

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, object, string[]]>([
  ['an unknown type goes on', withServed(holding({ type: 'text' })), holding({ type: 'text', description: 'a' }), []],
  ['another unknown type', withServed(holding({ type: 'text' })), holding({ type: 'bytes' }), []],
  [
    'an unknown type after a known one',
    withServed(holding(text)),
    holding({ type: 'text' }),
    [
      '@.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'a schema that is not structural, preserved',
    withServed(unpruned({ properties: { a: {} } })),
    unpruned({ properties: { a: {}, b: {} } }),
    [],
  ],
  [
    'a schema that is no longer structural, preserved',
    withServed(lamps({ preserveUnknownFields: true })),
    unpruned({ properties: { a: {} } }),
    [
      '@.properties[a].type: Required value: must not be empty for specified object fields',
      '@.type: Required value: must not be empty at the root',
    ],
  ],
  [
    'a schema that is not structural, pruned',
    withServed(unpruned({ properties: { a: {} } })),
    lamps({ versions: [version('v1', { schema: { openAPIV3Schema: { properties: { a: {} } } } })] }),
    [
      '@.properties[a].type: Required value: must not be empty for specified object fields',
      '@.type: Required value: must not be empty at the root',
    ],
  ],
  [
    'a schema that is not structural gets a default',
    withServed(unpruned({ properties: { a: {} } })),
    unpruned({ properties: { a: { default: 1 } } }),
    [
      'spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema',
      '@.properties[a].type: Required value: must not be empty for specified object fields',
      '@.type: Required value: must not be empty at the root',
    ],
  ],
  [
    'a schema that is not structural gets an extension',
    withServed(unpruned({ properties: { a: {} } })),
    unpruned({ properties: { a: {}, b: { 'x-kubernetes-int-or-string': true } } }),
    [
      '@.properties[a].type: Required value: must not be empty for specified object fields',
      '@.type: Required value: must not be empty at the root',
    ],
  ],
  ['no schema goes on, preserved', withServed(unpruned()), unpruned(), []],
  [
    'no schema goes on, pruned',
    withServed(versioned({ schema: undefined })),
    versioned({ schema: undefined }),
    ['spec.versions[0].schema.openAPIV3Schema: Required value: because otherwise all fields are pruned'],
  ],
  [
    'no schema goes on, pruned, where nothing is served',
    withServed(versioned({ schema: undefined })),
    versioned({ schema: undefined, served: false }),
    [],
  ],
  [
    'no schema in one of two goes on',
    withServed(two({ schema: undefined }, {})),
    two({}, { schema: undefined }),
    ['spec.versions[1].schema.openAPIV3Schema: Required value: because otherwise all fields are pruned'],
  ],
  [
    'the schema goes',
    withServed(lamps({ preserveUnknownFields: true })),
    unpruned(),
    ['spec.versions[0].schema.openAPIV3Schema: Required value'],
  ],
  [
    'a default of more than is known goes on',
    withServed(holding({ type: 'object', properties: { b: text }, default: { c: 'x' } })),
    holding({ type: 'object', properties: { b: text }, default: { d: 'x' } }),
    [],
  ],
  [
    'a default of more than is known',
    withServed(holding({ type: 'object', properties: { b: text } })),
    holding({ type: 'object', properties: { b: text }, default: { d: 'x' } }),
    ['@.properties[a].default: Invalid value: {"d":"x"}: must not have unknown fields'],
  ],
  ['a set of objects goes on', withServed(setOf({ type: 'object' })), setOf({ type: 'object', description: 'a' }), []],
  [
    'a set becomes one of objects',
    withServed(setOf(text)),
    setOf({ type: 'object' }),
    [
      '@.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'a set of lists that are sets goes on',
    withServed(setOf({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' })),
    setOf({ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }),
    [],
  ],
  [
    'a map by what may be missing goes on',
    withServed(mapOf({ type: 'object', properties: { b: text } })),
    mapOf({ type: 'object', properties: { b: text, c: text } }),
    [],
  ],
  [
    'a map by what may be missing now',
    withServed(mapOf(keyed)),
    mapOf({ type: 'object', properties: { b: text } }),
    [
      '@.properties[a].items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  [
    'a map by what may be null goes on',
    withServed(mapOf({ ...keyed, nullable: true })),
    mapOf({ ...keyed, nullable: true, description: 'a' }),
    [],
  ],
  [
    'a map of what may be null now',
    withServed(mapOf(keyed)),
    mapOf({ ...keyed, nullable: true }),
    ['@.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map'],
  ],
  [
    'a set of what may be null goes on',
    withServed(setOf({ ...text, nullable: true })),
    setOf({ ...text, nullable: true }),
    [],
  ],
  [
    'a set of what may be null now',
    withServed(setOf(text)),
    setOf({ ...text, nullable: true }),
    ['@.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set'],
  ],
  [
    'unknown review versions go on',
    withServed(byWebhook({ conversionReviewVersions: ['v7'] })),
    byWebhook({ conversionReviewVersions: ['v8', 'v7'] }),
    [],
  ],
  [
    'an unknown review version after a known one',
    withServed(byWebhook({})),
    byWebhook({ conversionReviewVersions: ['v7'] }),
    ['spec.conversion.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1'],
  ],
  [
    'an unknown review version after none',
    withServed(lamps()),
    byWebhook({ conversionReviewVersions: ['v7'] }),
    ['spec.conversion.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1'],
  ],
  [
    'a bundle that is none goes on',
    withServed(calling({ url: 'https://example.com', caBundle: pem })),
    calling({ url: 'https://example.com', caBundle: 'Zm9v' }),
    [],
  ],
  ['a bundle that is none before it is served', lamps(), calling({ url: 'https://example.com', caBundle: 'Zm9v' }), []],
  [
    'a bundle that is none once it is served',
    withServed(lamps()),
    calling({ url: 'https://example.com', caBundle: 'Zm9v' }),
    [
      'spec.conversion.webhookClientConfig.caBundle: Invalid value: "Zm9v": unable to load root certificates: unable to parse bytes as PEM block',
    ],
  ],
  ['as many selectable fields as before', withServed(many(12)), many(12), []],
  [
    'other selectable fields, too many',
    withServed(many(12)),
    many(11),
    ['spec.selectableFields: Too many: 11: must have at most 8 items'],
  ],
  [
    'too many selectable fields after few',
    withServed(many(3)),
    many(9),
    ['spec.selectableFields: Too many: 9: must have at most 8 items'],
  ],
  [
    'as many selectable fields of one version as before',
    withServed(selectsNine({})),
    selectsNine({ description: 'a' }),
    [],
  ],
  ['what was never approved', withServed(approvedAs()), approvedAs(), []],
  [
    'an approval goes',
    withServed(approvedAs('https://example.com/a')),
    approvedAs(),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    'a word for an approval that was missing',
    withServed(approvedAs()),
    approvedAs('yes'),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "yes": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
])('what is stored already: %s', (_, before, after, faults) => {
  expect(faultsOfNext(before, after)).toEqual(faults);
});
