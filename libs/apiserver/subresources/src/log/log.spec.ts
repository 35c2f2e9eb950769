import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a log', () => {
  test('is asked of the agent with what it knows, and passed on as it comes', async () => {
    const { status, headers, text } = await space.streamed(`GET ${pods}/one/log?follow=true&tailLines=3&pretty=true`);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain']);
    expect(text).toMatch(/^GET \/containerLogs\/space\/one\/c\?follow=true&tailLines=3 /);
  });

  test.each([
    ['two/log', 400, 'a container name must be specified for pod two, choose one of: [a b]'],
    ['two/log?container=z', 400, 'container z is not valid for pod two'],
    ['one/log?tailLines=-1', 400, 'tailLines must be a whole number not below 0, got "-1"'],
    ['one/log?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', 400, /at most one of/],
    ['waiting/log', 400, 'container "c" in pod "waiting" is waiting to start'],
    ['nobody/log', 404, 'pods "nobody" not found'],
  ])('%s is refused in words', async (path, code, message) => {
    const { object } = await space.call(`GET ${pods}/${path}`);
    expect(object).toMatchObject({
      kind: 'Status',
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('of a pod that runs nowhere yet is empty', async () => {
    expect(await space.call(`GET ${pods}/unbound/log`)).toMatchObject({ status: 200, text: '' });
  });
});
