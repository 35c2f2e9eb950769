import type { ApiCore, ApiRequest, AuditEvent, BytesResponse } from '@kubernest/apiserver/contract';
import { type Context, FakeClock, Metrics, silentLogger } from '@kubernest/kit';
import { expect, test } from 'vitest';
import { apiServerMetrics } from './api-server-metrics.ts';
import { AvailabilityTally } from './availability-tally.ts';

const clock = new FakeClock();
const pods = { group: '', plural: 'pods' } as never;
const serving = (...definitions: readonly never[]) => ({ current: { revision: 1, definitions } });
const core = {
  read: { list: () => [1, 2, 3] },
  inFlight: () => ({ readOnly: 7, mutating: 2 }),
} as unknown as ApiCore;

const measuring = (process = new Metrics()) => apiServerMetrics({ serving: serving(pods), clock, process });

/** A request that took so many milliseconds. */
function request(info: Partial<AuditEvent['info']>, code: number, took: number): AuditEvent {
  return {
    user: { username: 'ann', groups: [] },
    info: {
      isResource: true,
      verb: 'get',
      path: '',
      group: '',
      version: 'v1',
      namespace: 'default',
      resource: 'pods',
      subresource: '',
      name: 'web',
      rest: [],
      ...info,
    },
    userAgent: '',
    sourceAddress: '',
    receivedAt: new Date(clock.now().getTime() - took),
    code,
    routed: true,
    terminated: false,
    dryRun: false,
    applies: false,
  };
}

/** The lines of the document that begin so, without it. */
async function read(metrics: ReturnType<typeof apiServerMetrics>, name: string): Promise<readonly string[]> {
  const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
  const answer = await metrics.documents(core)['/metrics']!({} as ApiRequest, ctx);
  const text = Buffer.concat((answer as BytesResponse).body).toString();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map((line) => line.slice(name.length));
}

const labels =
  'component="apiserver",dry_run="",group="",resource="pods",scope="resource",subresource="",verb="GET",version="v1"';

test('requests are counted by what they asked and how they ended, their times by what they asked', async () => {
  const metrics = measuring();
  metrics.observe(request({}, 200, 3));
  metrics.observe(request({}, 200, 30));
  metrics.observe(request({}, 500, 70_000));
  metrics.observe(request({ verb: 'watch', name: undefined }, 200, 1));
  expect(await read(metrics, 'apiserver_request_total')).toEqual([
    `{${labels},code="200"} 2`,
    `{${labels},code="500"} 1`,
    `{${labels.replace('GET', 'WATCH').replace('resource"', 'namespace"')},code="200"} 1`,
  ]);
  const times = await read(metrics, 'apiserver_request_duration_seconds');
  expect(
    times.filter((line) => /le="(0.005|0.025|0.05|60|\+Inf)"/.test(line)).map((line) => line.split(' ').at(-1)),
  ).toEqual(['1', '1', '2', '2', '3']);
  expect(times.slice(-2)).toEqual([`_sum{${labels}} 70.033`, `_count{${labels}} 3`]);
});

test.each([
  [404, true],
  [405, true],
  [400, false],
])('names that do not exist make no lines of their own: %i, routed: %s', async (code, routed) => {
  const metrics = measuring();
  for (let i = 0; i < 50; i++) {
    const info = { group: `made-up-${i}`, resource: `things-${i}`, subresource: `of-${i}` };
    metrics.observe({ ...request(info, code, 1), routed });
  }
  const lines = await read(metrics, 'apiserver_request_total');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`resource="".*code="${code}"} 50$`));
});

test('stored objects and the process are told', async () => {
  const metrics = measuring();
  expect(await read(metrics, 'apiserver_storage_objects{')).toEqual(['resource="pods"} 3']);
  expect(await read(metrics, 'apiserver_resource_objects{')).toEqual(['group="",resource="pods"} 3']);
  expect(await read(metrics, 'kubernetes_build_info{')).toHaveLength(1);
  expect(Number((await read(metrics, 'process_resident_memory_bytes'))[0])).toBeGreaterThan(1e6);
});

test('what the server ended in self-defence, and what is in flight, is told', async () => {
  const metrics = measuring();
  metrics.observe({ ...request({}, 429, 1), terminated: true });
  metrics.observe(request({}, 429, 1));
  metrics.observe(request({}, 200, 1));
  expect(await read(metrics, 'apiserver_request_terminations_total')).toEqual([`{${labels},code="429"} 1`]);
  expect(await read(metrics, 'apiserver_current_inflight_requests')).toEqual([
    '{request_kind="readOnly"} 7',
    '{request_kind="mutating"} 2',
  ]);
});

test('how long sessions and watches last is in no histogram', async () => {
  const metrics = measuring();
  for (const subresource of ['exec', 'attach', 'portforward', 'proxy', 'log'])
    metrics.observe(request({ subresource }, 200, 90_000));
  metrics.observe(request({ verb: 'watch' }, 200, 90_000));
  expect(await read(metrics, 'apiserver_request_duration_seconds')).toEqual([]);
});

test('many who ask at once are told what was gathered once, and who asks later what there is then', async () => {
  const metrics = measuring();
  let gathered = 0;
  const counting = {
    ...core,
    read: {
      list: () => {
        gathered += 1;
        return Array.from({ length: gathered });
      },
    },
  } as unknown as ApiCore;
  const document = metrics.documents(counting)['/metrics']!;
  const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
  const ask = async () => {
    const { body } = (await document({} as ApiRequest, ctx)) as BytesResponse;
    return /apiserver_storage_objects\{.*/.exec(Buffer.concat(body).toString())![0];
  };
  const texts = await Promise.all(Array.from({ length: 100 }, ask));
  expect(gathered).toBe(1);
  expect(new Set(texts)).toEqual(new Set(['apiserver_storage_objects{resource="pods"} 1']));
  await new Promise(setImmediate);
  expect(await ask()).toBe('apiserver_storage_objects{resource="pods"} 2');
});

test.each<[string, Partial<AuditEvent>, Partial<AuditEvent['info']>]>([
  ['APPLY', { applies: true }, { verb: 'patch' }],
  ['PATCH', {}, { verb: 'patch' }],
  ['CONNECT', {}, { verb: 'create', subresource: 'exec' }],
  ['GET', {}, { verb: 'get', subresource: 'log' }],
  ['DELETECOLLECTION', {}, { verb: 'deletecollection' }],
  ['LIST', {}, { verb: 'list' }],
])('%s is what %j on %j is called', async (verb, event, info) => {
  const metrics = measuring();
  metrics.observe({ ...request(info, 200, 1), ...event });
  expect((await read(metrics, 'apiserver_request_total'))[0]).toContain(`verb="${verb}"`);
});

test('a client cannot make up verbs: all but those that Kubernetes tells are one', async () => {
  const metrics = measuring();
  const none = { isResource: false, resource: '', version: '', namespace: undefined, name: undefined };
  for (const verb of ['propfind', 'm-search', 'options', 'head', 'get'])
    metrics.observe(request({ ...none, verb }, 404, 1));
  const verbs = (await read(metrics, 'apiserver_request_total')).map((line) =>
    /verb="([^"]*)".* (\d+)$/.exec(line)!.slice(1),
  );
  expect(verbs).toEqual([
    ['other', '3'],
    ['GET', '2'],
  ]);
});

test('what is asked of something that may not be there is told once, whatever is asked of it', async () => {
  const metrics = measuring();
  for (const subresource of ['exec', '', 'x']) metrics.observe({ ...request({ subresource }, 200, 1), routed: false });
  const nameless = labels.replace('"pods"', '""').replace('"v1"', '""');
  expect(await read(metrics, 'apiserver_request_total')).toEqual([`{${nameless},code="200"} 3`]);
});

test('what was to have no effect is counted apart, but not where it is told how well requests are served', async () => {
  const metrics = measuring();
  metrics.observe({ ...request({ verb: 'create' }, 201, 3), dryRun: true });
  metrics.observe(request({ verb: 'create' }, 201, 30));
  expect(await read(metrics, 'apiserver_request_total')).toHaveLength(2);
  expect(await read(metrics, 'apiserver_request_duration_seconds_count')).toHaveLength(2);
  const served = await read(metrics, 'apiserver_request_sli_duration_seconds');
  expect(served.filter((line) => line.includes('le="0.025"'))).toEqual([]);
  expect(served.find((line) => line.includes('le="0.05"'))).toMatch(/ 2$/);
  expect(served.at(-1)).toBe(`_count{${labels.replace('dry_run="",', '').replace('GET', 'POST')}} 2`);
});

test('what else is counted in the process is told with it, also what began since', async () => {
  const process = new Metrics();
  const metrics = measuring(process);
  await read(metrics, 'made_up');
  process
    .counter({ name: 'made_up_total', help: 'h', labels: ['of'] })
    .of('a "b"')
    .add(3);
  await new Promise(setImmediate);
  expect(await read(metrics, 'made_up_total')).toEqual(['{of="a \\"b\\""} 3']);
});

test('which APIServices do not answer is told, and how often each was lost, until it is gone', async () => {
  const process = new Metrics();
  const tally = new AvailabilityTally(process);
  const metrics = measuring(process);
  tally.observed('v1.a', true);
  tally.observed('v1.b', false);
  for (let i = 0; i < 2; i++) tally.lost('v1.b', 'FailedDiscoveryCheck');
  expect(await read(metrics, 'aggregator_unavailable_apiservice{')).toEqual(['name="v1.a"} 0', 'name="v1.b"} 1']);
  const counted = 'aggregator_unavailable_apiservice_total';
  expect(await read(metrics, counted)).toEqual(['{name="v1.b",reason="FailedDiscoveryCheck"} 2']);
  tally.forgotten('v1.b');
  await new Promise(setImmediate);
  expect(await read(metrics, 'aggregator_unavailable_apiservice')).toEqual(['{name="v1.a"} 0']);
});
