import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const secrets = '/api/v1/namespaces/default/secrets';
let api: TestServer;
beforeEach(async () => {
  api = await testServer();
});
afterEach(() => api[Symbol.asyncDispose]());

type Owned = { metadata: { managedFields?: readonly { manager: string; fieldsV1: object }[] } };
const owners = ({ metadata: { managedFields = [] } }: Owned) =>
  Object.fromEntries(managedFields.map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
const write = (line: string, body: object, type: string) => {
  const [verb, path = ''] = line.split(' ');
  return api.call(`${verb} ${secrets}${path}`, body, { 'content-type': type });
};
const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...fields });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const applied = 'application/apply-patch+yaml';

describe('who writes `stringData` owns `data`, where it is kept', () => {
  const create = (fields: object) => write('POST ?fieldManager=ann', secret(fields), 'application/json');

  it('on create', async () => {
    const { object } = await create({ stringData: { a: 'b' }, data: { c: base64('d') } });
    expect(owners(object)).toEqual({ ann: { 'f:data': { '.': {}, 'f:a': {}, 'f:c': {} }, 'f:type': {} } });
  });

  it.each([{ stringData: {} }, { stringData: null }])('and owns nothing by %j', async (fields) => {
    const { object } = await create(fields);
    expect([owners(object), object]).toEqual([{ ann: { 'f:type': {} } }, expect.not.objectContaining({ data: {} })]);
  });

  it.each<[string, string, object, string]>([
    ['an update', 'PUT', secret({ stringData: { a: 'new' }, data: { c: base64('d') } }), 'application/json'],
    ['a merge patch', 'PATCH', { stringData: { a: 'new' } }, 'application/merge-patch+json'],
    ['a strategic merge patch', 'PATCH', { stringData: { a: 'new' } }, 'application/strategic-merge-patch+json'],
    ['a JSON patch', 'PATCH', [{ op: 'add', path: '/stringData', value: { a: 'new' } }], 'application/json-patch+json'],
  ])('by %s', async (_how, verb, body, type) => {
    await create({ data: { a: base64('b'), c: base64('d') } });
    const { object } = await write(`${verb} /a?fieldManager=bob`, body, type);
    expect([object.data, object.stringData, owners(object)]).toEqual([
      { a: base64('new'), c: base64('d') },
      undefined,
      { ann: { 'f:data': { '.': {}, 'f:c': {} }, 'f:type': {} }, bob: { 'f:data': { 'f:a': {} } } },
    ]);
  });

  // compat: who applies owns what the configuration says, though it is not there.
  it('but not who applies it', async () => {
    const apply = (manager: string, stringData: object) =>
      write(`PATCH /a?fieldManager=${manager}`, secret({ stringData }), applied);
    const { object } = await apply('ann', { a: 'b' });
    expect([object.data, owners(object)]).toEqual([{ a: base64('b') }, { ann: { 'f:stringData': { 'f:a': {} } } }]);
    expect((await apply('ann', { b: 'c' })).object.data).toEqual({ a: base64('b'), b: base64('c') });
    expect((await apply('bob', { b: 'd' })).object.message).toBe(
      'Apply failed with 1 conflict: conflict with "ann": .stringData.b',
    );
  });
});
