import { expect, it } from 'vitest';
import { exponentialBuckets, Metrics } from './index.ts';

const labels = ['name', 'code'];
const lines = (metrics: Metrics) =>
  metrics
    .all()
    .flatMap((metric) =>
      metric.samples().map(({ metricName, labels: own, value }) => `${metricName} ${JSON.stringify(own)} ${value}`),
    );

it('counts for each combination of values', () => {
  const metrics = new Metrics();
  const counter = metrics.counter({ name: 'asked_total', help: 'h', labels });
  const kept = counter.of('a', '200');
  kept.add();
  kept.add(2);
  counter.of('a', '200').add();
  counter.of('a2', '00').add();
  expect(lines(metrics)).toEqual([
    'asked_total {"name":"a","code":"200"} 4',
    'asked_total {"name":"a2","code":"00"} 1',
  ]);
});

it('tells no longer of what is gone and counts it from the beginning when it comes again, the others on', () => {
  const metrics = new Metrics();
  const counter = metrics.counter({ name: 'lost_total', help: '', labels });
  for (const [name, code] of [
    ['a', '1'],
    ['a', '2'],
    ['1', 'a'],
    ['b', 'a'],
  ] as const)
    counter.of(name, code).add();
  counter.forget('name', 'a');
  expect(lines(metrics)).toEqual(['lost_total {"name":"1","code":"a"} 1', 'lost_total {"name":"b","code":"a"} 1']);
  counter.of('a', '1').add();
  counter.of('b', 'a').add();
  expect(lines(metrics)).toEqual([
    'lost_total {"name":"1","code":"a"} 1',
    'lost_total {"name":"b","code":"a"} 2',
    'lost_total {"name":"a","code":"1"} 1',
  ]);
});

it('counts on where the same is asked for again', () => {
  const metrics = new Metrics();
  metrics.counter({ name: 'a', help: '', labels: [] }).of().add();
  metrics.counter({ name: 'a', help: '', labels: [] }).of().add();
  expect(lines(metrics)).toEqual(['a {} 2']);
});

it('sorts what it observes into buckets, of which each counts all below it', () => {
  const metrics = new Metrics();
  const took = metrics.histogram({ name: 'took', help: '', labels: ['of'], buckets: [1, 2] });
  for (const seconds of [0.5, 1, 1.5, 9]) took.of('x').observe(seconds);
  expect(lines(metrics)).toEqual([
    'took_bucket {"of":"x","le":"1"} 2',
    'took_bucket {"of":"x","le":"2"} 3',
    'took_bucket {"of":"x","le":"+Inf"} 4',
    'took_sum {"of":"x"} 12',
    'took_count {"of":"x"} 4',
  ]);
});

it('looks a gauge up when it is asked, from whoever came last', () => {
  const metrics = new Metrics();
  let depth = 1;
  metrics.gauge({ name: 'depth', help: '', labels: ['of'] }, () => [{ values: ['old'], value: 0 }]);
  metrics.gauge({ name: 'depth', help: '', labels: ['of'] }, () => [{ values: ['x'], value: depth }]);
  depth = 3;
  expect(lines(metrics)).toEqual(['depth {"of":"x"} 3']);
});

it('makes bounds that grow by a factor, without the noise of binary fractions', () => {
  expect(exponentialBuckets(1e-8, 10, 4)).toEqual([1e-8, 1e-7, 1e-6, 1e-5]);
  expect(exponentialBuckets(0.001, 2, 3)).toEqual([0.001, 0.002, 0.004]);
});
