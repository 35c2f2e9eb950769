import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** What would be changed if it were there. */
const made = { name: 'new', resourceVersion: '5' };
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const maps = '/api/v1/namespaces/default/configmaps';
const apply = { 'content-type': 'application/apply-patch+yaml' };

let api: TestServer;
beforeEach(async () => {
  api = await testServer();
});
afterEach(() => api[Symbol.asyncDispose]());

test.each([
  ['apply', `PATCH ${maps}/new?fieldManager=m`, { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } }, apply],
  ['apply', `PATCH ${leases}/new?fieldManager=m`, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, apply],
  ['replace', `PUT ${leases}/new`, {}, undefined],
])('what is not there is made, whatever version of it was seen: %s %s', async (_, request, body, headers) => {
  const { status, object } = await api.call(request, { ...body, metadata: made }, headers);
  expect([status, object.metadata.name]).toEqual([201, 'new']);
  expect(object.metadata.resourceVersion).not.toBe('5');
  expect(await api.call(request, { ...body, metadata: made }, headers)).toMatchObject({ status: 409 });
});

test('who puts an object of a uid that is not there makes none', async () => {
  const { object } = await api.call(`PUT ${leases}/new`, { metadata: { name: 'new', uid: 'x' } });
  expect(object).toMatchObject({ code: 409, message: expect.stringContaining('UID in precondition: x') });
  expect((await api.call(`GET ${leases}/new`)).status).toBe(404);
});

test('what cannot be created by PUT is not, with a version or without', async () => {
  expect((await api.call(`PUT ${maps}/new`, { metadata: made })).status).toBe(404);
});
