import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a token', () => {
  const account = '/api/v1/namespaces/space/serviceaccounts';
  const ask = (spec: object) => space.call(`POST ${account}/bot/token`, { spec });
  beforeAll(() => space.call(`POST ${account}`, { metadata: { name: 'bot' } }));

  test('is made for an hour and the API server unless asked otherwise', async () => {
    expect(await ask({})).toMatchObject({
      status: 201,
      object: {
        kind: 'TokenRequest',
        spec: { audiences: ['api'], expirationSeconds: 3600 },
        status: { token: 'made' },
      },
    });
  });

  test.each([
    ['too short', { expirationSeconds: 599 }, 422],
    ['too long', { expirationSeconds: 2 ** 32 + 1 }, 422],
    ['bound to a kind that cannot hold it', { boundObjectRef: { kind: 'Service', name: 'x' } }, 400],
    ['bound to nobody', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'nobody' } }, 404],
    ['bound to another account’s pod', { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'one' } }, 400],
  ])('%s is refused', async (_what, spec, code) => {
    expect((await ask(spec)).object).toMatchObject({ kind: 'Status', code });
  });

  test('of an account by its uid is refused when there is another of that name now', async () => {
    const asked = (uid: string) => space.call(`POST ${account}/bot/token`, { metadata: { uid }, spec: {} });
    const { uid } = (await ask({})).object.metadata;
    expect((await asked(uid)).status).toBe(201);
    expect((await asked('gone')).object).toMatchObject({
      code: 409,
      message: `Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "bot": the UID in the token request (gone) does not match the UID of the service account (${uid})`,
    });
  });

  test('of nobody is refused', async () => {
    expect((await space.call(`POST ${account}/nobody/token`, { spec: {} })).object).toMatchObject({
      code: 404,
      message: 'serviceaccounts "nobody" not found',
    });
  });
});
