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
    ['one/log?tailLines=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'one/log?sinceTime=noon',
      400,
      'parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"',
    ],
    ['waiting/log', 400, 'container "c" in pod "waiting" is waiting to start'],
    ['nobody/log', 404, 'pods "nobody" not found'],
  ])('%s is refused in words', async (path, code, message) => {
    const { object } = await space.call(`GET ${pods}/${path}`);
    expect(object).toMatchObject({ kind: 'Status', code, message });
  });

  const bothSince = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
  const tailOfOne = 'Forbidden: `tailLines` and specific `stream` are mutually exclusive for now';
  const noStream = 'Unsupported value: "x": supported values: "All", "Stderr", "Stdout"';
  test.each([
    ['tailLines=-3', ['tailLines: Invalid value: -3: must be greater than or equal to 0']],
    ['limitBytes=0', ['limitBytes: Invalid value: 0: must be greater than 0']],
    ['sinceSeconds=0', ['sinceSeconds: Invalid value: 0: must be greater than 0']],
    ['sinceSeconds=0&sinceTime=2026-01-01T00:00:00Z', [`: ${bothSince}`]],
    ['stream=x', [`stream: ${noStream}`]],
    ['stream=Stdout&tailLines=1', [`: ${tailOfOne}`]],
    [
      'stream=x&tailLines=-1',
      ['tailLines: Invalid value: -1: must be greater than or equal to 0', `stream: ${noStream}`, `: ${tailOfOne}`],
    ],
  ])('with %s makes no sense', async (query, faults) => {
    const { object } = await space.call(`GET ${pods}/one/log?${query}`);
    const list = faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`;
    expect(object).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: `PodLogOptions "one" is invalid: ${list}`,
      details: { name: 'one', kind: 'PodLogOptions' },
    });
    const causes = object.details.causes as { field?: string; message: string }[];
    expect(causes.map(({ field = '', message }) => `${field}: ${message}`)).toEqual(faults);
  });

  test.each(['stream=Stderr', 'stream=All&tailLines=0&sinceSeconds=1&limitBytes=1'])(
    'with %s is given',
    async (query) => {
      const { status, text } = await space.streamed(`GET ${pods}/one/log?${query}`);
      expect([status, new URL(text.split(' ')[1]!, 'http://x').searchParams.size]).toEqual([
        200,
        query.split('&').length,
      ]);
    },
  );

  test('of a pod that runs nowhere yet is empty', async () => {
    expect(await space.call(`GET ${pods}/unbound/log`)).toMatchObject({ status: 200, text: '' });
  });
});
