import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient, createEventRecorder, createInformerSet } from '@kubernest/client';
import { MemoryApi } from '@kubernest/client/testing';
import type { CoreEvent } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { ServiceRules } from '@kubernest/proxy/contract';
import { expect, it, onTestFinished } from 'vitest';
import { createProxy, servicesRef } from './create-proxy.ts';

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

async function node() {
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock: new HastyClock(), log: silentLogger };
  const api = new MemoryApi();
  const client = createClient(api);
  const informers = createInformerSet(client);
  const recorder = createEventRecorder({ component: 'kube-proxy', client }, ctx);
  let seen: (rules: ServiceRules) => void = () => {};
  const proxy = createProxy({
    informers,
    dataplane: {
      name: 'memory',
      apply(rules) {
        seen(rules);
        return Promise.resolve({ lines: 0, full: false });
      },
      teardown: () => Promise.resolve(),
    },
    events: () => recorder,
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
    return api.all<CoreEvent>('events').map(({ reason, involvedObject: { name } }) => `${name} ${reason}`);
  };
  return { ctx, services: client.resource(servicesRef), rulesHave, events };
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
