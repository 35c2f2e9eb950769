import type { Scale } from '@kubernest/api-types/autoscaling/v1';
import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { container, type TestSpace, testSpace } from '../space.fixture.ts';

type Draft = Pick<Scale, 'metadata'> & { readonly spec: { replicas: number } };

const path = '/apis/apps/v1/namespaces/space/deployments/web';
let mutates: (scale: Draft) => boolean;
let validated: unknown[];
/** Lets nobody have thirteen. */
const plugin: AdmissionPlugin = {
  name: 'spec',
  sees: { resources: ['deployments.apps'], subresources: ['scale'], on: ['update'] },
  mutate: ({ object }) => mutates(object as unknown as Draft),
  validate({ object, old }) {
    validated.push([(old as Scale).spec?.replicas, (object as Scale).spec?.replicas]);
    if ((object as Scale).spec?.replicas === 13) throw forbidden({ group: 'apps', resource: 'deployments' }, 'unlucky');
  },
};
let space: TestSpace;
beforeAll(async () => {
  space = await testSpace({ plugins: [plugin] });
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [container('c')] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await space.make('/apis/apps/v1/namespaces/space/deployments', { metadata: { name: 'web' }, spec });
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => {
  [mutates, validated] = [() => false, []];
});

const scaled = async (replicas: number) => {
  const { object } = await space.call(`GET ${path}/scale`);
  return space.call(`PUT ${path}/scale`, { ...object, spec: { replicas } });
};
const replicas = async () => (await space.call(`GET ${path}`)).object.spec.replicas;

test('what plugins make of a scale is what the deployment gets, and what is validated', async () => {
  mutates = (scale) => {
    scale.spec.replicas++;
    return true;
  };
  expect((await scaled(4)).object.spec).toEqual({ replicas: 5 });
  expect(await replicas()).toBe(5);
  expect(validated).toEqual([[2, 5]]);
});

test('a scale that a plugin makes impossible or another’s is refused as one that was sent so', async () => {
  const before = await replicas();
  mutates = (scale) => {
    scale.spec.replicas = -1;
    return true;
  };
  expect((await scaled(4)).object).toMatchObject({ code: 422, reason: 'Invalid' });
  mutates = (scale) => {
    Object.assign(scale.metadata, { uid: 'other' });
    return true;
  };
  expect((await scaled(4)).object).toMatchObject({ code: 409, reason: 'Conflict' });
  expect([await replicas(), validated]).toEqual([before, []]);
});

test('a plugin refuses a scale by what it says', async () => {
  const before = await replicas();
  expect((await scaled(13)).object).toMatchObject({ code: 403, message: expect.stringContaining('unlucky') });
  expect(await replicas()).toBe(before);
});
