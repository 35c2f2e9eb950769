import type { BytesResponse } from '@kubernest/apiserver/contract';
import { Catalog } from '@kubernest/apiserver/contract';
import { apiServerMetrics } from '@kubernest/apiserver/metrics';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { countedTransport, createClient, createInformerSet } from '@kubernest/client';
import { QueueMetrics, WorkQueue } from '@kubernest/controllers/engine';
import { builtinKinds } from '@kubernest/kinds';
import { FakeClock, group, Metrics } from '@kubernest/kit';
import { createScheduler } from '@kubernest/scheduler/engine';
import { builtinPlugins } from '@kubernest/scheduler/plugins';
import { memoryStore } from '@kubernest/store/memory';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countedStore } from '../store/counted-store.ts';

/** What the dashboards and alerts of kubernetes-mixin ask of the API server, the scheduler and the controller manager. */
const asked: Readonly<Record<string, readonly string[]>> = {
  apiserver_request_total: [
    'verb',
    'code',
    'resource',
    'group',
    'version',
    'subresource',
    'scope',
    'dry_run',
    'component',
  ],
  apiserver_request_sli_duration_seconds_bucket: ['verb', 'scope', 'subresource', 'resource', 'le'],
  apiserver_request_sli_duration_seconds_count: ['verb', 'scope', 'subresource', 'resource'],
  apiserver_request_duration_seconds_bucket: ['verb', 'scope', 'subresource', 'resource', 'dry_run', 'le'],
  apiserver_current_inflight_requests: ['request_kind'],
  apiserver_longrunning_requests: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
  apiserver_storage_objects: ['resource'],
  apiserver_response_sizes_bucket: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component', 'le'],
  apiserver_admission_step_admission_duration_seconds_bucket: ['type', 'operation', 'rejected', 'le'],
  apiserver_watch_events_total: ['group', 'version', 'resource'],
  etcd_request_duration_seconds_bucket: ['operation', 'group', 'resource', 'le'],
  workqueue_adds_total: ['name'],
  workqueue_depth: ['name'],
  workqueue_queue_duration_seconds_bucket: ['name', 'le'],
  workqueue_work_duration_seconds_bucket: ['name', 'le'],
  workqueue_retries_total: ['name'],
  workqueue_unfinished_work_seconds: ['name'],
  workqueue_longest_running_processor_seconds: ['name'],
  rest_client_requests_total: ['code', 'host', 'method'],
  rest_client_request_duration_seconds_bucket: ['verb', 'host', 'le'],
  scheduler_schedule_attempts_total: ['result', 'profile'],
  scheduler_pending_pods: ['queue'],
  scheduler_scheduling_attempt_duration_seconds_bucket: ['result', 'profile', 'le'],
  scheduler_scheduling_algorithm_duration_seconds_bucket: ['le'],
  scheduler_pod_scheduling_sli_duration_seconds_bucket: ['attempts', 'le'],
  kubernetes_build_info: ['git_version'],
  process_resident_memory_bytes: [],
  process_cpu_seconds_total: [],
  process_start_time_seconds: [],
};

const clock = new FakeClock();
const metrics = new Metrics();
let api: TestServer;
let text: string;

beforeAll(async () => {
  const catalog = new Catalog(builtinKinds);
  const { observe, documents } = apiServerMetrics({ serving: catalog, clock, process: metrics });
  const parts = { dialer: undefined as never, tokens: undefined as never };
  api = await testServer({
    catalog,
    metrics,
    documents,
    audit: observe,
    store: countedStore(memoryStore({ clock }), metrics),
    subresources: () => builtinSubresources(parts),
  });
  await schedule();
  const queue = new WorkQueue({ clock, watch: new QueueMetrics(metrics, clock).watch('deployment') });
  queue.add('a');
  queue.done((await queue.take())!);
  await api.watch('/api/v1/pods?watch=1');
  await api.call('GET /api/v1/nodes/n');
  const answer = (await api.server.handle(requestFor('GET /metrics'), api.ctx)) as BytesResponse;
  text = Buffer.concat(answer.body).toString();
});
afterAll(() => api[Symbol.asyncDispose]());

/** One pod onto one node, as the control plane's own client asks for it. */
async function schedule(): Promise<void> {
  const { ctx } = api;
  const transport = api.transport('admin', ['system:masters']);
  const client = createClient(countedTransport(transport, 'here:6443', metrics));
  const [pods, nodes] = ['pods', 'nodes'].map((resource) => ({ group: '', version: 'v1', resource }));
  const informers = createInformerSet(client);
  const events = { record() {} };
  const placed = Promise.withResolvers<void>();
  informers.of(pods!).subscribe({
    added() {},
    deleted() {},
    updated: (pod) => 'nodeName' in (pod as unknown as { spec: object }).spec && placed.resolve(),
  });
  const schedulerName = 'default-scheduler';
  const scheduler = createScheduler({ client, informers, plugins: builtinPlugins, events, schedulerName, metrics });
  await group('scheduling', [scheduler, informers]).start(ctx);
  await api.call('POST /api/v1/namespaces', { metadata: { name: 'one' } });
  const node = await api.call('POST /api/v1/nodes', { metadata: { name: 'n' } });
  const allocatable = { cpu: '2', memory: '4Gi', pods: '10' };
  await api.call('PUT /api/v1/nodes/n/status', { ...node.object, status: { allocatable } });
  const spec = { containers: [{ name: 'c', image: 'a' }] };
  await api.call('POST /api/v1/namespaces/one/pods', { metadata: { name: 'web' }, spec });
  await placed.promise;
  await client.resource(nodes!).list({}, ctx);
}

it.each(Object.entries(asked))('%s is told with the labels that dashboards ask by', (name, labels) => {
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
  expect(line).toBeDefined();
  for (const label of labels) expect(line).toContain(`${label}="`);
});

it('each is told with its type', () => {
  const typeOf = (name: string) => new RegExp(`^# TYPE ${name} (.*)$`, 'm').exec(text)?.[1];
  for (const name of Object.keys(asked)) {
    const family = name.replace(/_(bucket|count)$/, '');
    expect(typeOf(family), family).toBe(family !== name ? 'histogram' : name.endsWith('_total') ? 'counter' : 'gauge');
  }
});
