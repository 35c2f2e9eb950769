import { FakeClock, Metrics } from '@kubernest/kit';
import { beforeEach, expect, it } from 'vitest';
import { QueueMetrics } from './queue-watch.ts';
import { WorkQueue } from './work-queue.ts';

let clock: FakeClock;
let metrics: Metrics;
let queues: QueueMetrics;
let queue: WorkQueue;
beforeEach(() => {
  clock = new FakeClock();
  metrics = new Metrics();
  queues = new QueueMetrics(metrics, clock);
  queue = new WorkQueue({ clock, watch: queues.watch('deployment') });
});

/** The value of each metric, of histograms how many and how much in all. */
const told = () =>
  Object.fromEntries(
    metrics
      .all()
      .flatMap((metric) => metric.samples())
      .filter(({ metricName }) => !metricName.endsWith('_bucket'))
      .map(({ metricName, labels, value }) => {
        expect(labels).toEqual({ name: 'deployment' });
        return [metricName.replace('workqueue_', ''), value];
      }),
  );

it('tells what waits, how long it waited, and how long work on it takes', async () => {
  queue.add('a');
  queue.add('b');
  queue.add('a');
  expect(told()).toMatchObject({ adds_total: 2, depth: 2, retries_total: 0, queue_duration_seconds_count: 0 });
  await clock.advance(2_000);
  expect(await queue.take()).toBe('a');
  await clock.advance(3_000);
  expect(told()).toMatchObject({
    depth: 1,
    queue_duration_seconds_count: 1,
    queue_duration_seconds_sum: 2,
    work_duration_seconds_count: 0,
    unfinished_work_seconds: 3,
    longest_running_processor_seconds: 3,
  });
  queue.done('a');
  expect(told()).toMatchObject({ work_duration_seconds_sum: 3, unfinished_work_seconds: 0 });
});

it('counts what is added while it is worked on, which waits only after that', async () => {
  queue.add('a');
  await queue.take();
  queue.add('a');
  expect(told()).toMatchObject({ adds_total: 2, depth: 0 });
  queue.done('a');
  expect(told()).toMatchObject({ adds_total: 2, depth: 1 });
});

it('adds up the work of all, and tells the longest', async () => {
  for (const key of ['a', 'b']) {
    queue.add(key);
    await queue.take();
    await clock.advance(1_000);
  }
  expect(told()).toMatchObject({ unfinished_work_seconds: 3, longest_running_processor_seconds: 2 });
});

it('counts what comes again later', async () => {
  queue.retry('a');
  queue.addAfter('b', 10_000);
  expect(told()).toMatchObject({ retries_total: 2, adds_total: 0, depth: 0 });
  await clock.advance(10_000);
  expect(told()).toMatchObject({ adds_total: 2, depth: 2 });
});

it('tells of no queue that is closed as if something waited there, and counts on with the next', () => {
  queue.add('a');
  queue.close();
  expect(told()).toMatchObject({ adds_total: 1, depth: 0 });
  new WorkQueue({ clock, watch: queues.watch('deployment') }).add('a');
  expect(told()).toMatchObject({ adds_total: 2, depth: 1 });
});
