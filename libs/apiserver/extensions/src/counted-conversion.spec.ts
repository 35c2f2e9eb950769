import { FakeClock, Metrics } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { beforeEach, expect, it } from 'vitest';
import type { Convert } from './conversion.ts';
import { ConversionFailure, type FailureType } from './conversion-failure.ts';
import { countedConversion } from './counted-conversion.ts';

const clock = new FakeClock();
const lamp = { kind: 'Lamp', apiVersion: 'example.com/v1', metadata: { name: 'a' } } as KubeObject;
let metrics: Metrics;
beforeEach(() => {
  metrics = new Metrics();
});
const counted = (convert: Convert) => countedConversion(convert, 'lamps.example.com', { metrics, clock });
const told = () =>
  metrics
    .all()
    .flatMap((metric) => metric.samples())
    .filter(({ metricName }) => !/_(bucket|count)$/.test(metricName))
    .map(({ metricName, labels, value }) => `${metricName} ${Object.values(labels).join()} ${value}`);

it('counts what is converted, and how long it takes', async () => {
  const convert: Convert = async (objects, apiVersion) => {
    await clock.advance(2_000);
    return objects.map((object) => ({ ...object, apiVersion }));
  };
  expect(await counted(convert)([lamp], 'example.com/v2')).toMatchObject([{ apiVersion: 'example.com/v2' }]);
  expect(told()).toEqual([
    'apiserver_conversion_webhook_request_total success, 1',
    'apiserver_conversion_webhook_duration_seconds_sum success, 2',
    'apiserver_crd_conversion_webhook_duration_seconds_sum lamps.example.com,v1,v2,true 2',
  ]);
});

it('counts nothing where nothing has to be converted', async () => {
  const never: Convert = () => Promise.reject(new Error('asked'));
  expect(await counted(never)([lamp], 'example.com/v1')).toEqual([lamp]);
  expect(told()).toEqual([]);
});

it.each<[Error, FailureType]>([
  [new Error('no'), 'conversion_webhook_call_failure'],
  [
    new ConversionFailure('too few', 'conversion_webhook_partial_response_failure'),
    'conversion_webhook_partial_response_failure',
  ],
])('counts a conversion that fails with %s as %s, and passes the failure on', async (error, type) => {
  const fails: Convert = () => Promise.reject(error);
  await expect(counted(fails)([lamp], 'example.com/v2')).rejects.toBe(error);
  expect(told().slice(0, 1)).toEqual([`apiserver_conversion_webhook_request_total failure,${type} 1`]);
  expect(told().at(-1)).toContain('v1,v2,false');
});
