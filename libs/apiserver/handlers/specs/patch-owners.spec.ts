import { testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const json = 'application/json-patch+json';
const maps = '/api/v1/namespaces/default/configmaps';

/** What each owns, after a map `{ a: '1' }` of `first` was patched by `second`. */
async function ownersAfter(type: string, patch: unknown): Promise<Record<string, object>> {
  await using api = await testServer();
  await api.call(`POST ${maps}?fieldManager=first`, { metadata: { name: 'm', labels: { x: 'y' } }, data: { a: '1' } });
  const { object } = await api.call(`PATCH ${maps}/m?fieldManager=second`, patch, { 'content-type': type });
  const entries: readonly { manager: string; fieldsV1: object }[] = object.metadata.managedFields ?? [];
  return Object.fromEntries(entries.map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
}

const labels = { 'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } } };
const a = { '.': {}, 'f:a': {} };

test.each<[string, string, unknown, object]>([
  ['adds', merge, { data: { b: '2' } }, { first: { 'f:data': a, ...labels }, second: { 'f:data': { 'f:b': {} } } }],
  ['changes', merge, { data: { a: '2' } }, { first: { 'f:data': {}, ...labels }, second: { 'f:data': { 'f:a': {} } } }],
  ['forgets owners', merge, { metadata: { managedFields: [{}] }, data: { b: '2' } }, {}],
  [
    'takes the record of owners away',
    merge,
    { metadata: { managedFields: null } },
    { first: { 'f:data': a, ...labels } },
  ],
  ['replaces metadata', strategic, { metadata: { $patch: 'replace', name: 'm' } }, { first: { 'f:data': a } }],
  ['adds', strategic, { data: { b: '2' } }, { first: { 'f:data': a, ...labels }, second: { 'f:data': { 'f:b': {} } } }],
  ['forgets owners', strategic, { metadata: { managedFields: [{}] } }, {}],
  ['forgets owners', json, [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }], {}],
])('who owns what once a patch %s (%s)', async (_, type, patch, owners) => {
  expect(await ownersAfter(type, patch)).toEqual(owners);
});
