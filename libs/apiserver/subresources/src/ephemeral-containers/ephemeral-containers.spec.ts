import { afterAll, beforeAll, expect, it } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

// What Kubernetes 1.36 answers each of these.

const path = `${pods}/web/ephemeralcontainers`;
let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
  await space.makePod('web');
});
afterAll(() => space[Symbol.asyncDispose]());

it.each(['merge-patch+json', 'strategic-merge-patch+json'])('another uid is immutable for %s', async (type) => {
  const headers = { 'content-type': `application/${type}` };
  const patch = (uid: string) => space.call(`PATCH ${path}`, { metadata: { uid } }, headers);
  expect((await patch('other')).object).toMatchObject({
    code: 422,
    message: 'Pod "web" is invalid: metadata.uid: Invalid value: "other": field is immutable',
  });
  expect((await patch('')).status).toBe(200);
});

it('a body for another uid means another pod', async () => {
  const { object: pod } = await space.call(`GET ${pods}/web`);
  const body = { ...pod, metadata: { ...pod.metadata, uid: 'other' } };
  expect((await space.call(`PUT ${path}`, body)).object).toMatchObject({ code: 409, reason: 'Conflict' });
});

it('is no Table, but has metadata', async () => {
  const as = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` });
  expect((await space.call(`GET ${path}`, undefined, as('Table'))).status).toBe(406);
  const { object } = await space.call(`GET ${path}`, undefined, as('PartialObjectMetadata'));
  expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'web' } });
  expect(object).not.toHaveProperty('spec');
});
