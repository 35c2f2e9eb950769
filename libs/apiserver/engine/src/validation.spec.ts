import { type TestServer, testServer } from '@kubernest/apiserver/engine/testing';
import { builtinKinds, type ResourceDefinition } from '@kubernest/kinds';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Catalog } from './index.ts';

/** A kind as a CRD would describe it: nothing but a schema says what is valid. */
const widget: ResourceDefinition = {
  group: 'example.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  namespaced: true,
  verbs: ['create', 'get'],
  validatedBySchema: true,
  schema: {
    type: 'struct',
    fields: {
      ...builtinKinds[0]!.schema.fields,
      size: { schema: { type: 'string', enum: ['large', 'small'] } },
      colour: { schema: { type: 'string' }, required: true },
    },
  },
  example: { metadata: { name: 'w' } },
};

let api: TestServer;
beforeAll(async () => {
  api = await testServer({ catalog: new Catalog([...builtinKinds, widget]) });
});
afterAll(() => api[Symbol.asyncDispose]());

test('where the schema is the law, what it requires and lists is checked', async () => {
  const url = 'POST /apis/example.test/v1/namespaces/one/widgets';
  const { object } = await api.call(url, { metadata: { name: 'w' }, size: 'huge' });
  expect(object).toMatchObject({ code: 422, reason: 'Invalid' });
  expect(object.details.causes).toEqual([
    {
      reason: 'FieldValueNotSupported',
      message: 'Unsupported value: "huge": supported values: "large", "small"',
      field: 'size',
    },
    { reason: 'FieldValueRequired', message: 'Required value', field: 'colour' },
  ]);
  expect((await api.call(url, { metadata: { name: 'w' }, size: 'small', colour: 'blue' })).status).toBe(201);
});

test('a built-in kind is held to its own rules only', async () => {
  const url = 'POST /api/v1/namespaces/default/events';
  expect((await api.call(url, { metadata: { name: 'e' } })).status).toBe(201);
  const { object } = await api.call(url, { metadata: { name: 'f' }, involvedObject: { namespace: 'x' } });
  expect(object).toMatchObject({
    code: 422,
    message: 'Event "f" is invalid: involvedObject.namespace: Invalid value: "x": does not match event.namespace',
  });
});
