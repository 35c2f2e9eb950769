import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('an eviction', () => {
  const evict = (name: string, extra: object = {}) =>
    space.call(`POST ${pods}/${name}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name },
      ...extra,
    });

  test('deletes the pod, and on a dry run does not', async () => {
    await space.makePod('evicted');
    expect(await evict('evicted', { deleteOptions: { dryRun: ['All'] } })).toMatchObject({ status: 201 });
    expect((await space.call(`GET ${pods}/evicted`)).status).toBe(200);
    expect(await evict('evicted')).toMatchObject({ status: 201, object: { status: 'Success' } });
    expect((await space.call(`GET ${pods}/evicted`)).status).toBe(404);
  });

  test('may name the version of before', async () => {
    await space.makePod('older');
    expect(await evict('older', { apiVersion: 'policy/v1beta1' })).toMatchObject({ status: 201 });
    expect((await evict('one', { apiVersion: 'policy/v2' })).status).toBe(400);
  });

  test('of another pod than the path names is refused', async () => {
    expect((await evict('one', { metadata: { name: 'two' } })).status).toBe(400);
  });
});
