import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const url = (namespace: string, name = '') => `/api/v1/namespaces/${namespace}/configmaps${name && `/${name}`}`;
const map = (name: string, data: Record<string, string> = { a: '1' }, labels?: Record<string, string>) => ({
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});

describe('one object', () => {
  test('is created, read, updated, patched and deleted', async () => {
    const created = await api.call(`POST ${url('one')}`, map('m'));
    expect(created.status).toBe(201);
    expect(created.object).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'm', namespace: 'one' },
      data: { a: '1' },
    });
    expect(created.object.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.object.metadata.managedFields).toMatchObject([
      { manager: 'spec', operation: 'Update', apiVersion: 'v1' },
    ]);
    expect((await api.call(`GET ${url('one', 'm')}`)).object).toEqual(created.object);

    const updated = await api.call(`PUT ${url('one', 'm')}`, { ...created.object, data: { a: '2' } });
    expect(updated.status).toBe(200);
    expect(Number(updated.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(created.object.metadata.resourceVersion),
    );
    expect((await api.call(`PUT ${url('one', 'm')}`, { ...created.object, data: { a: '3' } })).object).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again',
    });

    const patched = await api.call(
      `PATCH ${url('one', 'm')}`,
      { data: { b: '4' } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(patched.object.data).toEqual({ a: '2', b: '4' });
    const gone = await api.call(`DELETE ${url('one', 'm')}`);
    expect(gone.object).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'm', kind: 'configmaps', uid: created.object.metadata.uid },
    });
    expect((await api.call(`GET ${url('one', 'm')}`)).object).toMatchObject({
      code: 404,
      message: 'configmaps "m" not found',
    });
    expect((await api.call(`DELETE ${url('one', 'm')}`)).status).toBe(404);
  });

  test('that exists already is refused', async () => {
    await api.call(`POST ${url('twice')}`, map('m'));
    expect((await api.call(`POST ${url('twice')}`, map('m'))).object).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "m" already exists',
    });
  });

  test('gets a name that begins as asked', async () => {
    const { object } = await api.call(`POST ${url('gen')}`, { metadata: { generateName: 'web-' } });
    expect(object.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  });

  test('never gets another name than the chosen one, generateName or not', async () => {
    const metadata = { name: 'web-chosen', generateName: 'web-' };
    expect(await api.call(`POST ${url('gen')}`, { metadata })).toMatchObject({ status: 201 });
    expect(await api.call(`POST ${url('gen')}`, { metadata })).toMatchObject({
      status: 409,
      object: { reason: 'AlreadyExists', details: { name: 'web-chosen' } },
    });
  });

  test.each([
    [
      'a bad name',
      { metadata: { name: 'A_b' } },
      422,
      /metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain/,
    ],
    ['no name', { metadata: {} }, 422, /metadata.name: Required value: name or generateName is required/],
    [
      'another namespace',
      { metadata: { name: 'x', namespace: 'other' } },
      400,
      /namespace of the provided object does not match/,
    ],
    [
      'another kind',
      { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' } },
      400,
      /Secret in version "v1" cannot be handled as a ConfigMap/,
    ],
    [
      'another version',
      { apiVersion: 'v2', metadata: { name: 'x' } },
      400,
      /API version in the data \(v2\) does not match/,
    ],
    ['a bad label', { metadata: { name: 'x', labels: { 'a b': 'c' } } }, 422, /metadata.labels: Invalid value/],
    ['a wrong type', { metadata: { name: 'x' }, data: { a: 1 } }, 400, /cannot be handled as a ConfigMap/],
    ['a version', { metadata: { name: 'x', resourceVersion: '5' } }, 400, /resourceVersion should not be set/],
    [
      'no JSON',
      '{"metadata"',
      400,
      /^the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: unexpected end of JSON input \(\{"metadata"\)$/,
    ],
    [
      'nothing in it',
      '',
      400,
      /^the object provided is unrecognized \(must be of type ConfigMap\): .*: unexpected end of JSON input \(<empty>\)$/,
    ],
    ['a list', [], 400, /must be of type ConfigMap/],
  ])('with %s is refused', async (_what, body, code, message) => {
    const { object } = await api.call(`POST ${url('bad')}`, body);
    expect(object).toMatchObject({ kind: 'Status', code, message: expect.stringMatching(message) });
  });

  test('written without a change keeps its version and tells nobody', async () => {
    const { object } = await api.call(`POST ${url('noop')}`, map('m'));
    const same = await api.call(`PUT ${url('noop', 'm')}`, map('m'));
    expect(same.object.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
    const patched = await api.call(
      `PATCH ${url('noop', 'm')}`,
      { data: { a: '1' } },
      { 'content-type': 'application/strategic-merge-patch+json' },
    );
    expect(patched.object.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s with dryRun=All leaves no trace', async (method) => {
    const namespace = `dry-${method.toLowerCase()}`;
    const before = method === 'POST' ? undefined : (await api.call(`POST ${url(namespace)}`, map('m'))).object;
    const path = method === 'POST' ? url(namespace) : url(namespace, 'm');
    const type: Record<string, string> = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
    const answer = await api.call(
      `${method} ${path}?dryRun=All`,
      method === 'DELETE' ? undefined : map('m', { z: '9' }),
      type,
    );
    expect(answer.status).toBe(method === 'POST' ? 201 : 200);
    if (method !== 'DELETE') expect(answer.object.data.z).toBe('9');
    const after = await api.call(`GET ${url(namespace, 'm')}`);
    if (before) expect(after.object).toEqual(before);
    else expect(after.status).toBe(404);
  });
});
