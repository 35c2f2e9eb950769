import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

const pods = '/api/v1/namespaces/default/pods';
const policy = { preemptionPolicy: 'PreemptLowerPriority' };
const make = (spec: object, query = '?dryRun=All') =>
  api.call(admin, `POST ${pods}${query}`, {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  });

describe('how important a pod is', () => {
  it.each([
    ['nothing special without a class', {}, { priority: 0, ...policy }],
    ['nothing special, though it says so itself', { priority: 0, ...policy }, { priority: 0, ...policy }],
    [
      'what the class of the cluster says',
      { priorityClassName: 'system-cluster-critical' },
      { priority: 2_000_000_000, ...policy },
    ],
    [
      'what the class of a node says',
      { priorityClassName: 'system-node-critical', priority: 2_000_001_000 },
      { priority: 2_000_001_000, ...policy },
    ],
  ])('is %s', async (_, spec, expected) => {
    const { status, object } = await make(spec);
    expect([status, object.spec]).toEqual([201, expect.objectContaining(expected)]);
  });

  const computed = (value: string | number) =>
    `must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
  it.each([
    ['a number', { priority: 2_000_000_000 }, `the integer value of priority (2000000000) ${computed(0)}`],
    ['a number below all', { priority: -1 }, `the integer value of priority (-1) ${computed(0)}`],
    [
      'another number than its class',
      { priorityClassName: 'system-cluster-critical', priority: 1 },
      `the integer value of priority (1) ${computed(2_000_000_000)}`,
    ],
    [
      'another policy than its class',
      { preemptionPolicy: 'Never' },
      `the string value of PreemptionPolicy (Never) ${computed('PreemptLowerPriority')}`,
    ],
    ['a class that is not there', { priorityClassName: 'nope' }, 'no PriorityClass with name nope was found'],
    [
      'such a class and a number',
      { priorityClassName: 'nope', priority: 2_000_000_000 },
      'no PriorityClass with name nope was found',
    ],
  ])('is not for the pod to say: %s', async (_, spec, why) => {
    const { status, object } = await make(spec);
    expect([status, object.message]).toEqual([403, `pods "p" is forbidden: ${why}`]);
  });

  it('of a pod without a spec is what its validation says of it', async () => {
    const { object } = await api.call(admin, `POST ${pods}?dryRun=All`, { metadata: { name: 'p' } });
    expect([object.code, object.message]).toEqual([422, expect.stringContaining('spec.containers: Required value')]);
  });

  it('stays when the pod is replaced by one that does not say, and does not change', async () => {
    await make({ priorityClassName: 'system-node-critical' }, '');
    const { object } = await api.call(admin, `GET ${pods}/p`);
    const { priority: _, preemptionPolicy: __, ...spec } = object.spec;
    const put = (changed: object) => api.call(admin, `PUT ${pods}/p`, { ...object, spec: { ...spec, ...changed } });
    const { status, object: kept } = await put({});
    expect([status, kept.spec]).toEqual([200, expect.objectContaining({ priority: 2_000_001_000, ...policy })]);
    for (const changed of [
      { priority: 5 },
      { preemptionPolicy: 'Never' },
      { priorityClassName: 'system-cluster-critical' },
    ])
      expect((await put(changed)).status).toBe(422);
  });
});
