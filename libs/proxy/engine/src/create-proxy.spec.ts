import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient, createEventRecorder, createInformerSet } from '@kubernest/client';
import type { CoreEvent } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';
import { testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import { memoryDataplane } from '../../contract/src/memory-dataplane.fixture.ts';
import { createProxy, servicesRef, slicesRef } from './create-proxy.ts';

/** Time passes as soon as anybody waits for it. */
class HastyClock extends FakeClock {
  #waited = 0;

  override monotonic(): number {
    return this.#waited;
  }

  override after(delay: number, run: () => void): () => void {
    this.#waited += delay;
    const waiting = setImmediate(run);
    return () => clearImmediate(waiting);
  }
}

async function node(whyNot: (rule: ServicePortRule) => string | undefined = () => undefined) {
  const kernel = memoryDataplane(whyNot);
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock: new HastyClock(), log: silentLogger };
  const server = await testServer();
  const client = createClient(server.transport());
  const informers = createInformerSet(client);
  const recorder = createEventRecorder({ component: 'kube-proxy', client }, ctx);
  let heard: (reason: string) => void = () => {};
  let seen: (rules: ServiceRules) => void = () => {};
  /** The kernel takes nothing, and somebody wants to know when it was tried. */
  const broken = { is: false, met: (): void => {} };
  const proxy = createProxy({
    informers,
    dataplane: {
      ...kernel,
      async apply(rules, inner) {
        if (broken.is) {
          broken.met();
          throw new Error('no such table');
        }
        const report = await kernel.apply(rules, inner);
        seen(rules);
        return report;
      },
    },
    events: () => ({
      record(about, event) {
        recorder.record(about, event);
        heard(event.reason);
      },
    }),
    nodeName: 'n1',
    nodeAddresses: [],
    clusterCidr: undefined,
    serviceCidr: undefined,
  });
  const { done } = await proxy.start(ctx);
  const informing = await informers.start(ctx);
  onTestFinished(async () => {
    controller.abort();
    await Promise.all([done, informing.done]);
    await server[Symbol.asyncDispose]();
  });
  /** Resolves when the dataplane has the rules of exactly these Services. */
  const served = (...ids: readonly string[]) =>
    new Promise<void>((resolve) => {
      seen = ({ ports }) => {
        if (ports.map(({ id }) => id).join() === ids.join()) resolve();
      };
    });
  const told = (reason: string) =>
    new Promise<void>((resolve) => {
      heard = (each) => {
        if (each === reason) resolve();
      };
    });
  /** Resolves when the dataplane's only rule has that node port. */
  const rulesHave = (nodePort: number | undefined) =>
    new Promise<void>((resolve) => {
      seen = ({ ports }) => {
        if (ports.length === 1 && ports[0]?.nodePort === nodePort) resolve();
      };
    });
  const events = async () => {
    await recorder.drained();
    const { items } = await client.resource<CoreEvent>({ group: '', version: 'v1', resource: 'events' }).list({}, ctx);
    return items.map(({ reason, involvedObject: { name } }) => `${name} ${reason}`);
  };
  return {
    ctx,
    services: client.resource(servicesRef),
    slices: client.resource(slicesRef),
    broken,
    rulesHave,
    served,
    told,
    events,
  };
}

it('a node port that another program has has no rules until it is free', async () => {
  const { ctx, services, rulesHave, events } = await node();
  const other = createServer().listen({ port: 0, host: '0.0.0.0' });
  await once(other, 'listening');
  const { port: nodePort } = other.address() as AddressInfo;
  const incomplete = rulesHave(undefined);
  const spec = { type: 'NodePort', clusterIP: '10.96.0.5', ports: [{ port: 80, nodePort }] };
  const web = { metadata: { namespace: 'default', name: 'web' }, spec };
  await services.create(web, {}, ctx);
  await incomplete;
  expect(await events()).toEqual(['web NodePortUnavailable']);
  const complete = rulesHave(nodePort);
  other.close();
  await complete;
  expect(await events()).toEqual(['web NodePortUnavailable', 'web NodePortAvailable']);
});

const serviceOf = (namespace: string, clusterIP: string, more: object = {}) => ({
  metadata: { namespace, name: 'web' },
  spec: { type: 'ClusterIP', clusterIP, ports: [{ port: 80 }], ...more },
});

it('a Service that the kernel refuses is left out and told of, and everybody else is served', async () => {
  const { ctx, services, served, told, events } = await node(({ affinitySeconds }) =>
    affinitySeconds === undefined ? undefined : 'line 12: RULE_APPEND failed (No such file or directory)',
  );
  let reached = Promise.all([served('a/web', 'c/web'), told('ServiceRulesRefused')]);
  await services.create(serviceOf('b', '10.96.0.6', { sessionAffinity: 'ClientIP' }), {}, ctx);
  await services.create(serviceOf('a', '10.96.0.5'), {}, ctx);
  await services.create(serviceOf('c', '10.96.0.7'), {}, ctx);
  await reached;
  expect(await events()).toEqual(['web ServiceRulesRefused']);
  reached = Promise.all([served('a/web', 'b/web', 'c/web'), told('ServiceRulesTaken')]);
  const mended = { spec: { sessionAffinity: 'None' } };
  await services.patch({ namespace: 'b', name: 'web' }, { type: 'merge', body: mended }, {}, ctx);
  await reached;
  expect(await events()).toEqual(['web ServiceRulesRefused', 'web ServiceRulesTaken']);
});

it.each([
  ['an external address of the other family', { externalIPs: ['2001:db8::1'] }],
  ['a source range of the other family', { type: 'LoadBalancer', loadBalancerSourceRanges: ['2001:db8::/32'] }],
  ['a source range with a line after it', { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24\n'] }],
])('%s does not hold up the rules of others', async (_, more) => {
  const { ctx, services, served, events } = await node();
  const reached = served('a/web', 'b/web');
  await services.create(serviceOf('a', '10.96.0.5', more), {}, ctx);
  await services.create(serviceOf('b', '10.96.0.6'), {}, ctx);
  await reached;
  expect(await events()).toEqual([]);
});

it('a load balancer is answered by a node that has endpoints, as long as its rules are in force', async () => {
  const { ctx, services, slices, broken, served, told, events } = await node();
  const other = createServer().listen({ port: 0, host: '0.0.0.0' });
  await once(other, 'listening');
  const { port: healthCheckNodePort } = other.address() as AddressInfo;
  const health = async () => {
    const { status, headers } = await fetch(`http://127.0.0.1:${healthCheckNodePort}`);
    return [status, headers.get('x-load-balancing-endpoint-weight')];
  };
  /** What comes before has been brought about when the rules of what comes after are. */
  const settled = async (namespace: string, ...before: readonly string[]) => {
    const reached = served(...before, `${namespace}/web`);
    await services.create(serviceOf(namespace, '10.96.0.9'), {}, ctx);
    await reached;
  };
  const heard = told('FailedToStartServiceHealthcheck');
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort };
  await services.create(serviceOf('a', '10.96.0.5', local), {}, ctx);
  await heard;
  expect(await events()).toEqual(['web FailedToStartServiceHealthcheck']);
  other.close();
  await once(other, 'close');
  await settled('b', 'a/web');
  await settled('c', 'a/web', 'b/web');
  expect(await health()).toEqual([503, '0']);
  const labels = { 'kubernetes.io/service-name': 'web' };
  const endpoints = [{ addresses: ['10.244.0.2'], nodeName: 'n1', conditions: { ready: true } }];
  const slice = { metadata: { namespace: 'a', name: 'web-1', labels }, addressType: 'IPv4', endpoints, ports: [] };
  await slices.create(slice, {}, ctx);
  await settled('d', 'a/web', 'b/web', 'c/web');
  await settled('e', 'a/web', 'b/web', 'c/web', 'd/web');
  expect(await health()).toEqual([200, '1']);
  const tried = new Promise<void>((resolve) => {
    broken.met = resolve;
  });
  broken.is = true;
  await services.create(serviceOf('f', '10.96.0.10'), {}, ctx);
  await tried;
  expect(await health()).toEqual([503, '1']);
});
