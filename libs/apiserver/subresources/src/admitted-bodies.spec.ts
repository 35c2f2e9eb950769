import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from './space.fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: plugins of this spec change what they like
type Any = any;

let mutates: (body: Any) => void;
let validated: Any[];
const plugin: AdmissionPlugin = {
  name: 'spec',
  sees: { resources: ['pods', 'serviceaccounts'], subresources: ['binding', 'token', 'eviction'], on: ['create'] },
  mutate(call) {
    mutates(call.object);
    return true;
  },
  validate: ({ object }) => void validated.push(object),
};
let space: TestSpace;
beforeAll(async () => {
  space = await testSpace({ plugins: [plugin] });
  await space.make('/api/v1/namespaces/space/serviceaccounts', { metadata: { name: 'bot' } });
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => {
  validated = [];
});

const bind = () => space.call(`POST ${pods}/unbound/binding`, { metadata: { name: 'unbound' }, target: { name: 'n' } });
const token = () => space.call('POST /api/v1/namespaces/space/serviceaccounts/bot/token', { spec: {} });
const evict = () => space.call(`POST ${pods}/unbound/eviction`, { metadata: { name: 'unbound' } });

test.each<[string, () => ReturnType<typeof bind>, (body: Any) => void, number, string]>([
  ['binding', bind, (body) => void delete body.target.name, 500, 'target.name: Required value'],
  [
    'token',
    token,
    ({ spec }) => void Object.assign(spec, { expirationSeconds: 1 }),
    422,
    'may not specify a duration less than',
  ],
  [
    'token',
    token,
    ({ metadata }) => void Object.assign(metadata, { uid: 'other' }),
    409,
    'the UID in the token request (other)',
  ],
])('what plugins make of a %s is checked by the rules of its kind before it is validated', async (...row) => {
  const [_, ask, change, status, message] = row;
  mutates = change;
  const { object } = await ask();
  expect([object.code, object.message]).toEqual([status, expect.stringContaining(message)]);
  expect(validated).toEqual([]);
});

test.each<[string, () => ReturnType<typeof bind>]>([
  ['binding', bind],
  ['eviction', evict],
  ['token', token],
])('no plugin makes a %s another object’s', async (_, ask) => {
  mutates = (body) => {
    body.metadata.name = 'elsewhere';
  };
  const { status } = await ask();
  expect([400, 422]).toContain(status);
  mutates = (body) => {
    body.metadata.namespace = 'elsewhere';
  };
  expect((await ask()).status).toBe(400);
  expect(validated).toEqual([]);
  expect((await space.call(`GET ${pods}/unbound`)).object.spec.nodeName).toBeUndefined();
});

test('what plugins take away of a body comes back as its default', async () => {
  mutates = (body) => {
    delete body.spec.expirationSeconds;
  };
  expect((await token()).status).toBe(201);
  expect(validated).toMatchObject([{ spec: { expirationSeconds: 3600 } }]);
});
