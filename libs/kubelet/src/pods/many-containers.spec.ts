import type { ContainerState } from '@kubernest/runtime/contract';
import { expect, it } from 'vitest';
import type { ContainerStatus, Pod } from '../types.ts';
import { planPod } from './plan.ts';
import { statusOf } from './pod.ts';
import { instancesOf, type PodRuntime } from './pod-runtime.ts';

const many = 1000;
const names = Array.from({ length: many }, (_, i) => `c${i}`);

/** Each of them counts how often it is asked for its name. */
function named<T>(counted: { reads: number }, rest: object): T[] {
  return names.map((name) =>
    Object.defineProperty({ id: name, ...rest }, 'name', {
      enumerable: true,
      get() {
        counted.reads++;
        return name;
      },
    }),
  ) as T[];
}

it('of the statuses of a pod of a thousand containers each is looked at once, not once for each of the others', () => {
  const counted = { reads: 0 };
  const pod: Pod = {
    metadata: {},
    status: { containerStatuses: named<ContainerStatus>(counted, { restartCount: 3 }) },
  };
  for (const name of names) expect(statusOf(pod, name)?.restartCount).toBe(3);
  expect(statusOf(pod, 'none')).toBeUndefined();
  expect(counted.reads).toBeLessThanOrEqual(2 * many);
});

it('a plan for a thousand containers looks at what there is of each a few times', () => {
  const counted = { reads: 0 };
  const runtime = {
    sandboxes: [{ id: 's', running: true }],
    containers: named<ContainerState>(counted, { state: 'running', sandboxId: 's', image: 'i' }),
  } as unknown as PodRuntime;
  const containers = names.map((name) => ({ name, image: 'i' }));
  const pod: Pod = { metadata: {}, spec: { containers } };
  const plan = planPod({ pod, runtime, stop: undefined, memory: () => ({}), now: new Date(0) });
  expect(plan.actions).toEqual([]);
  expect(instancesOf(runtime, 'c7')).toHaveLength(1);
  expect(counted.reads).toBeLessThanOrEqual(10 * many);
});
