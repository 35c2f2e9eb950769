import { testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

test('a built-in kind is held to its own rules only', async () => {
  await using api = await testServer();
  const url = 'POST /api/v1/namespaces/default/events';
  expect((await api.call(url, { metadata: { name: 'e' } })).status).toBe(201);
  const { object } = await api.call(url, { metadata: { name: 'f' }, involvedObject: { namespace: 'x' } });
  expect(object).toMatchObject({
    code: 422,
    message: 'Event "f" is invalid: involvedObject.namespace: Invalid value: "x": does not match event.namespace',
  });
});
