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

  test('says in the status of the pod why it ends, once', async () => {
    await space.makePod(
      'told',
      { nodeName: 'n' },
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    );
    await evict('told', { deleteOptions: { dryRun: ['All'] } });
    const conditions = async () => (await space.call(`GET ${pods}/told`)).object.status.conditions;
    expect(await conditions()).toMatchObject([{ type: 'Ready' }]);
    for (let i = 0; i < 2; i++) expect(await evict('told')).toMatchObject({ status: 201 });
    const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting', status: 'True' };
    expect(await conditions()).toMatchObject([{ type: 'Ready' }, { type: 'DisruptionTarget', ...why }]);
  });

  test('of the pod as it was seen goes on, of another one says nothing', async () => {
    await space.makePod('seen', { nodeName: 'n' }, { phase: 'Running' });
    const { uid, resourceVersion } = (await space.call(`GET ${pods}/seen`)).object.metadata;
    const as = (preconditions: object) => evict('seen', { deleteOptions: { preconditions } });
    expect((await as({ uid: 'another' })).status).toBe(409);
    expect((await as({ resourceVersion: '1' })).status).toBe(409);
    expect((await space.call(`GET ${pods}/seen`)).object.metadata.resourceVersion).toBe(resourceVersion);
    expect((await as({ uid, resourceVersion })).status).toBe(201);
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
