import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileRequests, target } from './requests.ts';

/** Where anything that is not linear would take minutes, and a spec does not. */
const BYTES = 150_000;

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

it.each([...hostileRequests(BYTES)].map((request) => [request.name.slice(0, 90), request] as const))(
  '%s is answered and no fault of the server',
  async (_, { method, path, headers, body }) => {
    await api.call(`POST ${target.path.replace(/\/target$/, '')}`, target.body);
    const answer = await api.call(`${method} ${path}`, new Uint8Array(body), { ...headers });
    // compat: what Kubernetes answers with 500 on purpose has no reason.
    if (answer.status >= 500) expect(answer.object.reason).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('a');
    expect(answer.headers['warning'] ?? '').toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
    for (const name of ['target', 'x', 'legal-large']) await api.call(`DELETE ${target.path.replace(/target$/, name)}`);
  },
);

it.each([
  [
    'json',
    '{"apiVersion":{"toString":1}}',
    'json: cannot unmarshal object into Go struct field .apiVersion of type string',
  ],
  ['json', '{"kind":5}', 'json: cannot unmarshal number into Go struct field .kind of type string'],
  ['yaml', 'kind: [a]', 'json: cannot unmarshal array into Go struct field .kind of type string'],
])('a %s body that calls itself by no name is refused: %s', async (format, body, words) => {
  const answer = await api.call('POST /api/v1/namespaces/a/configmaps', body, {
    'content-type': `application/${format}`,
  });
  expect(answer).toMatchObject({ status: 400, object: { message: expect.stringContaining(words) } });
});

it.each([
  ['merge-patch+json', '{"metadata":{"namespace":"b"}}'],
  ['strategic-merge-patch+json', '{"metadata":{"namespace":"b"}}'],
  ['json-patch+json', '[{"op":"replace","path":"/metadata/namespace","value":"b"}]'],
  ['merge-patch+json', '{"metadata":{"name":"b"}}'],
  ['json-patch+json', '[{"op":"replace","path":"/metadata/name","value":"b"}]'],
  ['apply-patch+yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: b}'],
])('a %s that moves an object is 400: %s', async (type, patch) => {
  await api.call('POST /api/v1/namespaces/a/configmaps', { metadata: { name: 'm' } });
  const answer = await api.call('PATCH /api/v1/namespaces/a/configmaps/m?fieldManager=x', patch, {
    'content-type': `application/${type}`,
  });
  expect(answer).toMatchObject({ status: 400, object: { reason: 'BadRequest' } });
});

it('an object above 1.5 MiB is refused in the words of etcd, and one below is stored', async () => {
  const map = (bytes: number) => ({ metadata: { name: `m${bytes}` }, data: { a: 'x'.repeat(bytes) }, binaryData: {} });
  expect((await api.call('POST /api/v1/namespaces/a/configmaps', map(1_000_000))).status).toBe(201);
  const large = { ...map(0), metadata: { name: 'l', annotations: {}, labels: {} }, data: { a: 'x'.repeat(1_700_000) } };
  expect(await api.call('POST /api/v1/namespaces/a/configmaps', large)).toMatchObject({
    status: 500,
    object: { message: 'etcdserver: request is too large', code: 500 },
  });
});

it('an unknown field of any script is told of after the write', async () => {
  const answer = await api.call('POST /api/v1/namespaces/a/configmaps', { metadata: { name: 'w' }, поле: 1 });
  expect(answer.status).toBe(201);
  expect(Buffer.from(answer.headers['warning'] ?? '', 'latin1').toString()).toBe('299 - "unknown field \\"поле\\""');
});
