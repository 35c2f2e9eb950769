import type { APIService, EndpointSlice, Service } from '@kubernest/kinds';
import { conflict } from '@kubernest/meta';
import { testCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { refs } from '../shared/refs.ts';
import { apiserviceAvailability } from './apiservice-availability.controller.ts';

const NAME = 'v1.orchard.example.com';
const remote: APIService = {
  metadata: { name: NAME },
  spec: {
    group: 'orchard.example.com',
    version: 'v1',
    service: { namespace: 'default', name: 'trees', port: 443 },
    insecureSkipTLSVerify: true,
    groupPriorityMinimum: 1000,
    versionPriority: 10,
  },
};
const trees: Service = { metadata: { name: 'trees' }, spec: { ports: [{ name: 'https', port: 443 }] } };
const sliceOf = (ready: boolean): EndpointSlice => ({
  metadata: { name: 'trees', labels: { 'kubernetes.io/service-name': 'trees' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
  ports: [{ name: 'https', port: 8443 }],
});

/** A control plane with this controller alone; `answer` is what its backend does. */
async function cluster(answer: () => Promise<void> = async () => {}) {
  const asked: number[] = [];
  const told: string[] = [];
  const controller = apiserviceAvailability({
    check: () => {
      asked.push(on.clock.monotonic());
      return backend.answer();
    },
    metrics: {
      observed: (name, isAvailable) => told.push(`${name} ${isAvailable}`),
      lost: (name, reason) => told.push(`${name} lost: ${reason}`),
      forgotten: (name) => told.push(`${name} forgotten`),
    },
  });
  const backend = { answer };
  const on = await testCluster({ controllers: [controller] });
  const said = async () => {
    const found = await on.find<APIService>(refs.apiServices, NAME);
    const condition = found?.status?.conditions?.find(({ type }) => type === 'Available');
    return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
  };
  const up = async () => {
    await on.make(refs.services, trees);
    await on.make(refs.endpointSlices, sliceOf(true));
    await on.make(refs.apiServices, remote);
    await on.pass(1_000);
  };
  return { on, asked, told, backend, said, up, [Symbol.asyncDispose]: () => on[Symbol.asyncDispose]() };
}

it('follows Service and EndpointSlices from nothing to a server that answers, and back, as they change', async () => {
  await using it = await cluster();
  const { on, said } = it;
  await on.make(refs.apiServices, remote);
  await on.pass(100);
  expect(await said()).toBe('False ServiceNotFound: service/trees in "default" is not present');
  await on.make(refs.services, trees);
  await on.pass(100);
  expect(await said()).toMatch(/^False EndpointsNotFound/);
  await on.make(refs.endpointSlices, sliceOf(false));
  await on.pass(100);
  expect([await said(), it.asked]).toEqual([expect.stringMatching(/^False MissingEndpoints/), []]);
  await on.patch(refs.endpointSlices, 'trees', { endpoints: sliceOf(true).endpoints });
  await on.pass(100);
  expect(await said()).toBe('True Passed: all checks passed');
  await on.patch(refs.services, 'trees', { spec: { ports: [{ name: 'https', port: 8443 }] } });
  await on.pass(100);
  expect(await said()).toMatch(/^False ServicePortError/);
  expect(on.traffic.refusals).toEqual([]);
});

it('one answer of five is enough', async () => {
  let asked = 0;
  await using it = await cluster(async () => {
    if (++asked < 5) throw new Error('connection refused');
  });
  await it.up();
  expect(await it.said()).toBe('True Passed: all checks passed');
  expect(it.told).not.toContain(`${NAME} false`);
});

it('a server that does not answer is asked again, soon and then less often, and written down once', async () => {
  const refused = () => Promise.reject(new Error('connection refused'));
  await using it = await cluster(refused);
  await it.up();
  expect(await it.said()).toBe('False FailedDiscoveryCheck: connection refused');
  const written = it.on.traffic.writes.length;
  await it.on.pass(300_000);
  const times = [...new Set(it.asked)];
  const waits = times.slice(1).map((at, i) => at - times[i]!);
  expect(waits[0]).toBe(100);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(30_000);
  expect(it.on.traffic.writes.length).toBe(written);
  it.backend.answer = async () => {};
  await it.on.pass(30_000);
  expect(await it.said()).toBe('True Passed: all checks passed');
});

it('one that answered is asked again: no object tells of a server that hangs', async () => {
  await using it = await cluster();
  await it.up();
  it.backend.answer = () => Promise.reject(new Error('context deadline exceeded'));
  await it.on.pass(30_000);
  expect(await it.said()).toBe('False FailedDiscoveryCheck: context deadline exceeded');
  expect(it.told).toContain(`${NAME} lost: FailedDiscoveryCheck`);
  expect(it.told.filter((line) => line.includes('lost'))).toHaveLength(1);
  await it.on.admin.resource(refs.apiServices).delete({ name: NAME }, {}, it.on.ctx);
  const asked = it.asked.length;
  await it.on.pass(120_000);
  expect([it.told.at(-1), it.asked.length]).toEqual([`${NAME} forgotten`, asked]);
});

it('others are looked at while one hangs', async () => {
  const hanging = Promise.withResolvers<void>();
  await using it = await cluster(() => hanging.promise);
  await it.up();
  const local = { metadata: { name: 'v1.b.example.com' }, spec: { ...remote.spec!, group: 'b.example.com' } };
  await it.on.make(refs.apiServices, { ...local, spec: { ...local.spec, service: { namespace: 'a', name: 'b' } } });
  await it.on.pass(100);
  hanging.resolve();
  expect(new Set(it.told)).toEqual(new Set(['v1.b.example.com false']));
});

it('what another server gave up is available at once as ours', async () => {
  await using it = await cluster();
  await it.on.make(refs.apiServices, remote);
  await it.on.pass(100);
  await it.on.patch(refs.apiServices, NAME, { spec: { service: null, insecureSkipTLSVerify: null } });
  await it.on.pass(100);
  expect(await it.said()).toBe('True Local: Local APIServices are always available');
  expect(it.asked).toEqual([]);
});

it('converges when every other write is refused with a conflict', async () => {
  await using it = await cluster();
  let refused = 0;
  it.on.traffic.beforeWrite = ({ resource, path }) => {
    if (refused++ % 2 === 0) throw conflict({ group: refs.apiServices.group, resource, name: path }, 'other');
  };
  await it.up();
  expect([await it.said(), refused > 1]).toEqual(['True Passed: all checks passed', true]);
});
