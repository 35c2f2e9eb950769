import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { container, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a scale', () => {
  const path = '/apis/apps/v1/namespaces/space/deployments/web';
  const merge = { 'content-type': 'application/merge-patch+json' };
  beforeAll(() =>
    space.call('POST /apis/apps/v1/namespaces/space/deployments', {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container('c')] } },
      },
    }),
  );

  test('is read, replaced and patched, and moves the replicas alone', async () => {
    const { object: scale } = await space.call(`GET ${path}/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    });
    const put = await space.call(`PUT ${path}/scale`, { ...scale, spec: { replicas: 5 } });
    expect(put.object.spec).toEqual({ replicas: 5 });
    await space.call(`PATCH ${path}/scale`, { spec: { replicas: 7 } }, merge);
    const { object: deployment } = await space.call(`GET ${path}`);
    expect(deployment).toMatchObject({ spec: { replicas: 7 }, metadata: { generation: 3 } });
  });

  test('is of the right type also where it is patched', async () => {
    const before = (await space.call(`GET ${path}`)).object.spec;
    for (const [how, why] of [
      ['merge', 'json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32'],
      ['strategic-merge', 'unrecognized type: int32'],
    ] as const) {
      const type = { 'content-type': `application/${how}-patch+json` };
      const { object } = await space.call(`PATCH ${path}/scale`, { spec: { replicas: 'x' } }, type);
      expect(object).toMatchObject({ code: 422, message: expect.stringMatching(`: ${why}$`) });
    }
    expect((await space.call(`GET ${path}`)).object.spec).toEqual(before);
  });

  test('that is stale, below nothing or of another name is refused', async () => {
    const { object: scale } = await space.call(`GET ${path}/scale`);
    const scaled = (metadata: object, replicas: number) =>
      space.call(`PUT ${path}/scale`, { ...scale, metadata: { ...scale.metadata, ...metadata }, spec: { replicas } });
    expect((await scaled({ resourceVersion: '1' }, 1)).object).toMatchObject({ code: 409, reason: 'Conflict' });
    expect((await scaled({}, -1)).object).toMatchObject({ code: 422, reason: 'Invalid' });
    expect((await scaled({ name: 'other' }, 1)).status).toBe(400);
  });
});
