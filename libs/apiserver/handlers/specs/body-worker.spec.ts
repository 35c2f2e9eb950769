import { buildBodyProgram } from '@kubernest/apiserver/codec/testing';
import { builtinKinds } from '@kubernest/kinds';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';

const maps = '/api/v1/namespaces/a/configmaps';
const large = 'x'.repeat(300 * 1024);

const owned = new AsyncDisposableStack();
let api: TestServer;
beforeAll(async () => {
  const program = owned.use(await buildBodyProgram());
  api = owned.use(await testServer({ bodyWorker: { program: program.entry, knows: builtinKinds } }));
});
afterAll(() => owned.disposeAsync());

it('large bodies sent at once become each its own object, on the thread', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `m${i}`);
  const bodies = names.map((name) => ({ metadata: { name }, data: { [name]: large } }));
  const answers = await Promise.all(bodies.map((body) => api.call(`POST ${maps}`, body)));
  for (const [i, { status, object }] of answers.entries()) {
    expect(status).toBe(201);
    expect(object).toMatchObject(bodies[i]!);
  }
});

it('what is refused, warned of or patched there is as it would be here', async () => {
  const text = JSON.stringify({ metadata: { name: 'n' }, data: { a: large }, bogus: 1 });
  const created = await api.call(`POST ${maps}`, text);
  expect(created).toMatchObject({ status: 201, headers: { warning: '299 - "unknown field \\"bogus\\""' } });
  expect(await api.call(`POST ${maps}?fieldValidation=Strict`, text)).toMatchObject({
    status: 400,
    object: { reason: 'BadRequest', message: expect.stringContaining('unknown field "bogus"') },
  });
  const patched = await api.call(`PATCH ${maps}/n`, '{"data":{"b":"2"}}', {
    'content-type': 'application/merge-patch+json',
  });
  expect(patched).toMatchObject({ status: 200, object: { data: { a: large, b: '2' } } });
});
