import { afterEach, beforeEach, expect, it } from 'vitest';
import { SchedulerCluster } from './scheduler-cluster.fixture.ts';

let cluster: SchedulerCluster;
beforeEach(async () => {
  cluster = await SchedulerCluster.start();
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** `name{values of labels}` of all but buckets. */
const told = (): Record<string, number> =>
  Object.fromEntries(
    cluster.metrics
      .all()
      .flatMap((metric) => metric.samples())
      .filter(({ metricName }) => !metricName.endsWith('_bucket'))
      .map(({ metricName, labels, value }) => [
        `${metricName.replace('scheduler_', '')}{${Object.values(labels).join()}}`,
        value,
      ]),
  );

it('counts attempts by their result, and who waits where', async () => {
  await cluster.addPod('held', { schedulingGates: [{ name: 'not-yet' }] });
  await cluster.addPod('lonely');
  await cluster.placed('lonely', /^False/);
  expect(told()).toMatchObject({
    'schedule_attempts_total{unschedulable,default-scheduler}': 1,
    'scheduling_attempt_duration_seconds_count{unschedulable,default-scheduler}': 1,
    'scheduling_algorithm_duration_seconds_count{}': 1,
    'pending_pods{active}': 0,
    'pending_pods{backoff}': 0,
    'pending_pods{unschedulable}': 1,
    'pending_pods{gated}': 1,
  });
  expect(told()).not.toHaveProperty('schedule_attempts_total{scheduled,default-scheduler}');
});

it('tells how long a pod took until it had its node, by the number of attempts', async () => {
  await cluster.addPod('late');
  await cluster.placed('late', /^False/);
  await cluster.clock.advance(7_000);
  await cluster.addNode('n');
  await cluster.placed('late', 'n');
  await cluster.told(() => told()['schedule_attempts_total{scheduled,default-scheduler}'] === 1);
  expect(told()['pod_scheduling_sli_duration_seconds_count{2}']).toBe(1);
  expect(told()['pod_scheduling_sli_duration_seconds_sum{2}']).toBeGreaterThanOrEqual(7);
  expect(told()['pending_pods{unschedulable}']).toBe(0);
});

it('counts a binding that is refused as a failed attempt, whose pod waits a while', async () => {
  cluster.refuseBindings = 1;
  await cluster.addNode('n');
  await cluster.addPod('unlucky');
  await cluster.told(() => told()['schedule_attempts_total{error,default-scheduler}'] === 1);
  expect(told()['pending_pods{backoff}']).toBe(1);
});
