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

  test.each<[string, number, object]>([
    [`PATCH ${path}/scale`, 409, { metadata: { uid: 'other' } }],
    [`PATCH ${path}/scale`, 200, { metadata: { uid: '' } }],
  ])('is of this object: %s is %i for %j', async (line, status, body) => {
    expect((await space.call(line, body, merge)).status).toBe(status);
  });

  test.each([`GET ${path}/scale`, `PATCH ${path}/scale`])('is a row of a Table: %s', async (line) => {
    const as = (kind: string) => ({ ...merge, accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` });
    const body = line.startsWith('PATCH') ? { spec: { replicas: 3 } } : undefined;
    const { object: scale } = await space.call(line, body, merge);
    const { object: table } = await space.call(line, body, as('Table'));
    const { replicas } = scale.spec;
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: scale.metadata.resourceVersion },
      rows: [{ cells: ['web', replicas, 0, expect.any(String)], object: { kind: 'PartialObjectMetadata' } }],
    });
    expect(
      table.columnDefinitions.map(({ name, type, format }: Record<string, string>) => [name, type, format]),
    ).toEqual([
      ['Name', 'string', ''],
      ['Desired', 'integer', ''],
      ['Available', 'integer', ''],
      ['Age', 'string', ''],
    ]);
    const whole = await space.call(`${line}?includeObject=Object`, body, as('Table'));
    expect(whole.object.rows[0].object).toEqual(scale);
    expect((await space.call(`${line}?includeObject=Some`, body, as('Table'))).object.message).toBe(
      "Unable to convert to Table as requested: includeObject: Invalid value: \"Some\": must be 'Metadata', 'Object', 'None', or empty",
    );
    const partial = await space.call(line, body, as('PartialObjectMetadata'));
    expect(partial.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: scale.metadata });
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
