import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import { notFound } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { beforeEach, expect, it } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const endpoints = '/api/v1/namespaces/default/endpoints';
const apply = { 'content-type': 'application/apply-patch+yaml' };
const missing = notFound({ group: 'example.com', resource: 'approvals', name: 'a' });

/** Asked of objects that are there, finds missing what it needs; of new ones it needs nothing. */
const denies: AdmissionPlugin = {
  name: 'spec',
  sees: { resources: ['*'], on: ['update', 'delete'] },
  validate() {
    throw missing;
  },
};

const seen: string[] = [];
const counts: AdmissionPlugin = {
  name: 'seen',
  sees: { resources: ['*'], on: ['create'] },
  mutate({ info }) {
    seen.push(info.verb);
    return false;
  },
};

let api: TestServer;
beforeEach(async () => {
  api = await testServer({ plugins: [denies, counts] });
  return () => api[Symbol.asyncDispose]();
});

it.each([
  ['apply', `PATCH ${maps}/a?fieldManager=me`, { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '2' } }, apply],
  [
    'PUT of a kind that it may create',
    `PUT ${endpoints}/a`,
    { metadata: { name: 'a' }, subsets: [{ addresses: [{ ip: '10.0.0.1' }] }] },
    {},
  ],
  ['deletion', `DELETE ${maps}/a`, undefined, {}],
  ['deletion of all', `DELETE ${maps}`, undefined, {}],
])('who is denied with 404 is told so, and nothing is taken for missing: %s', async (_, line, body, headers) => {
  for (const kind of [maps, endpoints]) await api.call(`POST ${kind}`, { metadata: { name: 'a' } });
  seen.length = 0;
  const { status, object } = await api.call(line, body, headers);
  expect([status, object.message]).toEqual([404, missing.message]);
  expect(seen).toEqual([]);
});

it('what is missing is created by apply and by PUT', async () => {
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' } };
  expect((await api.call(`PATCH ${maps}/new?fieldManager=me`, applied, apply)).status).toBe(201);
  expect((await api.call(`PUT ${endpoints}/new`, { metadata: { name: 'new' } })).status).toBe(201);
});
