import { describe, expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { admitPod } from './admit.ts';

const asking = (requests: Record<string, string>, over: Partial<Pod['spec'] & object> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [{ name: 'main', resources: { requests } }], ...over },
});
const sidecar = (cpu: string) => ({ name: 's', restartPolicy: 'Always', resources: { requests: { cpu } } });
const allocatable = { cpu: '2', memory: '1Gi', pods: '3' };

describe('a node', () => {
  it.each<[string, Pod, Pod[], string | undefined]>([
    ['takes what fits exactly', asking({ cpu: '500m' }), [asking({ cpu: '1500m' })], undefined],
    ['takes what asks for nothing though it is full', asking({}), [asking({ cpu: '2' })], undefined],
    ['leaves to others what it does not count', asking({ 'example.com/gpu': '4' }), [], undefined],
    ['refuses more cpu than it has', asking({ cpu: '3' }), [], 'OutOfcpu'],
    [
      'refuses more cpu than is left',
      asking({ cpu: '600m' }),
      [asking({ cpu: '1' }), asking({ cpu: '500m' })],
      'OutOfcpu',
    ],
    ['counts sidecars', asking({ cpu: '1' }, { initContainers: [sidecar('1500m')] }), [], 'OutOfcpu'],
    ['counts overhead', asking({ memory: '1000Mi' }, { overhead: { memory: '100Mi' } }), [], 'OutOfmemory'],
    ['refuses one pod too many', asking({}), [asking({}), asking({}), asking({})], 'OutOfpods'],
    ['refuses pods of another system', asking({}, { os: { name: 'windows' } }), [], 'PodOSNotSupported'],
    [
      'refuses pods that look for another system',
      asking({}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }),
      [],
      'PodOSSelectorNodeLabelDoesNotMatch',
    ],
  ])('%s', (_name, pod, holders, reason) => {
    expect(admitPod(pod, holders, allocatable)?.reason).toBe(reason);
  });

  it('says what was asked for, what is used and what there is', () => {
    expect(admitPod(asking({ cpu: '600m' }), [asking({ cpu: '1500m' })], allocatable)?.message).toBe(
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000",
    );
  });
});
