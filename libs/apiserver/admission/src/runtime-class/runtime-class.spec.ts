import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('what a pod costs besides its containers', () => {
  it.each([
    [
      'some overhead',
      { overhead: { cpu: '1' } },
      'Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    ['a class that is not there', { runtimeClassName: 'kata' }, 'RuntimeClass "kata" not found'],
  ])('is not for the pod to say: %s', async (_, more, why) => {
    const body = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }], ...more } };
    const { status, object } = await api.call(admin, 'POST /api/v1/namespaces/default/pods', body);
    expect([status, object.message]).toEqual([403, `pods "p" is forbidden: pod rejected: ${why}`]);
  });
});
