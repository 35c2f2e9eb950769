import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a session', () => {
  test.each([
    ['GET', 'one/exec?command=ls', 'Upgrade request required'],
    ['POST', 'one/attach', 'Upgrade request required'],
    ['POST', 'unbound/exec?command=ls', 'pod unbound does not have a host assigned'],
    ['POST', 'over/exec?command=ls', 'cannot exec into a container in a completed pod; current phase is Succeeded'],
    ['POST', 'two/exec?command=ls', 'a container name must be specified for pod two, choose one of: [a b]'],
  ])('%s %s cannot be opened: %s', async (method, path, message) => {
    expect((await space.call(`${method} ${pods}/${path}`)).object).toMatchObject({ code: 400, message });
  });

  test.each(['exec', 'attach', 'portforward'])('%s needs create, whatever the method', async (name) => {
    const { object } = await space.call(`GET ${pods}/one/${name}`, undefined, { 'x-user': 'reader' });
    expect(object).toMatchObject({
      code: 403,
      message: `pods "one" is forbidden: User "reader" cannot create resource "pods/${name}" in API group "" in the namespace "space"`,
    });
  });

  test('is seen by admission before it is opened', async () => {
    space.connects.length = 0;
    const { object } = await space.call(`POST ${pods}/one/exec?command=ls`, undefined, { 'x-user': 'unwelcome' });
    expect(object).toMatchObject({ code: 403, message: expect.stringContaining('the door is shut') });
    expect(space.connects).toMatchObject([{ operation: 'connect', info: { name: 'one', subresource: 'exec' } }]);
  });
});
