import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const own = { key: 'dedicated', value: 'x', effect: 'NoSchedule' };

describe('a new node takes no pods', () => {
  it.each([
    ['when it says nothing', undefined, [notReady]],
    ['beside its own taints', [own], [own, notReady]],
    ['once', [notReady, own], [notReady, own]],
    [
      'though it evicts already',
      [{ ...notReady, effect: 'NoExecute' }],
      [{ ...notReady, effect: 'NoExecute' }, notReady],
    ],
  ])('%s', async (_, taints, expected) => {
    const node = { metadata: { name: 'n' }, spec: { taints } };
    expect((await api.call(admin, 'POST /api/v1/nodes?dryRun=All', node)).object.spec.taints).toEqual(expected);
  });

  it('and takes them again when the taint is gone: updates are not its business', async () => {
    await api.call(admin, 'POST /api/v1/nodes', { metadata: { name: 'n' } });
    const { object } = await api.call(admin, 'PATCH /api/v1/nodes/n', { spec: { taints: null } });
    expect(object.spec.taints).toBeUndefined();
  });
});
