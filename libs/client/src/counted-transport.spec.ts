import { type Context, FakeClock, Metrics, silentLogger } from '@kubernest/kit';
import { notFound } from '@kubernest/meta';
import { beforeEach, expect, it } from 'vitest';
import type { Transport } from './client.ts';
import { countedTransport } from './counted-transport.ts';

const clock = new FakeClock();
const stopping = new AbortController();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
const absent = notFound({ group: '', resource: 'pods', name: 'a' });
let metrics: Metrics;
let inner: Transport;
const through = () => countedTransport(inner, 'here:6443', metrics);
const event = { type: 'ADDED', object: {} } as never;

beforeEach(() => {
  metrics = new Metrics();
  inner = { call: async () => ({ status: 201, object: {} }), watch: async () => {} };
});

const told = () =>
  metrics
    .all()
    .flatMap((metric) => metric.samples())
    .filter(({ metricName }) => !metricName.endsWith('_bucket'))
    .map(({ metricName, labels, value }) => `${metricName} ${Object.values(labels).join()} ${value}`);

it('counts calls by their answer, and how long they took', async () => {
  inner = {
    ...inner,
    call: async () => {
      await clock.advance(2_000);
      return { status: 201, object: {} };
    },
  };
  await through().call({ method: 'POST', path: '/x' }, ctx);
  expect(told()).toEqual([
    'rest_client_requests_total 201,here:6443,POST 1',
    'rest_client_request_duration_seconds_sum here:6443,POST 2',
    'rest_client_request_duration_seconds_count here:6443,POST 1',
  ]);
});

it.each([
  [absent, '404'],
  [new Error('connection refused'), '<error>'],
])('counts a call and a watch that fail with %s as %s, and passes the failure on', async (fault, code) => {
  const fails = () => Promise.reject(fault);
  inner = { call: fails, watch: fails };
  await expect(through().call({ method: 'GET', path: '/x' }, ctx)).rejects.toBe(fault);
  await expect(through().watch({ method: 'GET', path: '/x' }, () => {}, ctx)).rejects.toBe(fault);
  expect(told()[0]).toBe(`rest_client_requests_total ${code},here:6443,GET 2`);
});

it('counts a watch once, when it has begun, whatever ends it', async () => {
  const seen: unknown[] = [];
  inner = {
    ...inner,
    watch: async (_, onEvent) => {
      onEvent(event);
      onEvent(event);
      expect(told()).toEqual(['rest_client_requests_total 200,here:6443,GET 1']);
      throw new Error('broke off');
    },
  };
  await expect(through().watch({ method: 'GET', path: '/x' }, (one) => seen.push(one), ctx)).rejects.toThrow('broke');
  expect([seen.length, told()]).toEqual([2, ['rest_client_requests_total 200,here:6443,GET 1']]);
});

it('counts a quiet watch that ends by itself or is given up', async () => {
  await through().watch({ method: 'GET', path: '/x' }, () => {}, ctx);
  stopping.abort();
  inner = { ...inner, watch: () => Promise.reject(new Error('stopped')) };
  const given = through().watch({ method: 'GET', path: '/x' }, () => {}, { ...ctx, signal: stopping.signal });
  await expect(given).rejects.toThrow('stopped');
  expect(told()).toEqual(['rest_client_requests_total 200,here:6443,GET 2']);
});
