import { Catalog } from '@kubernest/apiserver/contract';
import { gadget, gadgetsIn, partial, pathIn, v1 } from '@kubernest/apiserver/storage/testing';
import { builtinKinds } from '@kubernest/kinds';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const maps = '/api/v1/namespaces/one/configmaps';
const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/one/roles';
const gadgets = pathIn(v1);
const none = '?labelSelector=no=one';
const types: Readonly<Record<string, string>> = { [maps]: 'core.ConfigMap', [roles]: 'rbac.Role' };

let api: TestServer;
beforeAll(async () => {
  const convert = (objects: readonly never[]) => objects;
  api = await testServer({ catalog: new Catalog([...builtinKinds, ...gadgetsIn(v1, { convert } as never)]) });
  await api.call(`POST ${gadgets}`, gadget(v1, 'a', 1));
  for (const url of Object.keys(types)) await api.call(`POST ${url}`, { metadata: { name: 'a' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const many = [maps, roles].flatMap((url) => [`GET ${url}`, `DELETE ${url}${none}`]);
const single = [maps, roles].flatMap((url) => [`GET ${url}/a`, `PUT ${url}/a`, `PATCH ${url}/a`, `POST ${url}`]);
const ask = (line: string, accept: string) => {
  const [method] = line.split(' ');
  const merge = { 'content-type': 'application/merge-patch+json' };
  const body =
    method === 'GET' || method === 'DELETE' ? undefined : { metadata: { name: method === 'POST' ? 'b' : 'a' } };
  return api.call(line, body, { accept, ...(method === 'PATCH' && merge) });
};
const typeOf = (line: string) => types[Object.keys(types).find((url) => line.includes(url))!];

test.each(many)('a list is not shown as one object’s metadata, whatever else is welcome: %s', async (line) => {
  const { status, object } = await ask(line, `${partial().accept},application/json`);
  const why = `you requested PartialObjectMetadata, but the requested object is a list (*${typeOf(line)}List)`;
  expect([status, object.reason, object.message]).toEqual([406, 'NotAcceptable', why]);
  expect((await ask(line, partial('PartialObjectMetadataList').accept)).status).toBe(200);
});

test.each(single)('one object is not shown as a list of metadata, and nothing written: %s', async (line) => {
  const { status, object } = await ask(line, `${partial('PartialObjectMetadataList').accept},application/json`);
  const why = `you requested PartialObjectMetadataList, but the requested object is not a list (*${typeOf(line)})`;
  expect([status, object.reason, object.message]).toEqual([406, 'NotAcceptable', why]);
  expect((await api.call(`GET ${line.split(' ')[1]!.replace(/\/a$/, '')}/b`)).status).toBe(404);
  if (line.startsWith('GET')) expect((await ask(line, partial().accept)).status).toBe(200);
});

test('an end is told to whoever asks for a list of metadata', async () => {
  await api.call(`POST ${maps}`, { metadata: { name: 'c' } });
  const { status, object } = await ask(`DELETE ${maps}/c`, partial('PartialObjectMetadataList').accept);
  expect([status, object.kind]).toEqual([200, 'Status']);
});
