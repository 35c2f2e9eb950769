import type { Service } from '@kubernest/api-types/core/v1';
import type { EndpointSlice } from '@kubernest/api-types/discovery/v1';
import type { EventRecorder, Informer, InformerSet } from '@kubernest/client';
import { Backoff, type Context, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import type { Dataplane } from '@kubernest/proxy/contract';
import { HealthCheckNews } from './health-checks/health-check-news.ts';
import { HealthCheckServers } from './health-checks/health-check-servers.ts';
import { planHealthChecks } from './health-checks/plan-health-checks.ts';
import { NodePortHolder } from './node-ports/node-port-holder.ts';
import { NodePortNews } from './node-ports/node-port-news.ts';
import { planRules, serviceKeyOf } from './plan-rules.ts';
import { applyTaken } from './refused/apply-taken.ts';
import { RefusedNews } from './refused/refused-news.ts';
import { RefusedServices } from './refused/refused-services.ts';

export interface ProxyParts {
  readonly informers: InformerSet;
  readonly dataplane: Dataplane;
  /** Where Services are told of; made when the proxy starts. */
  events(ctx: Context): EventRecorder;
  readonly nodeName: string;
  readonly nodeAddresses: readonly string[];
  readonly clusterCidr: string | undefined;
  readonly serviceCidr: string | undefined;
}

export const servicesRef = { group: '', version: 'v1', resource: 'services' } as const;
export const slicesRef = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' } as const;

/** Changes that come within this time after the first are applied with it. */
const gather: Milliseconds = 20;
/** How often a node port that is not held is tried again. */
const retryNodePorts: Milliseconds = 5000;

/** Keeps a node's dataplane at what Services and EndpointSlices say: nothing runs while nothing changes. The rules stay when it stops. */
export function createProxy(parts: ProxyParts): Runnable {
  return {
    name: 'proxy',
    async start(ctx) {
      const services = parts.informers.of<Service & KubeObject>(servicesRef);
      const slices = parts.informers.of<EndpointSlice & KubeObject>(slicesRef);
      const wake = new Wake();
      const handler = { added: wake.ring, updated: wake.ring, deleted: wake.ring };
      const unsubscribes = [services.subscribe(handler), slices.subscribe(handler)];
      const nodePorts = new NodePortHolder();
      const healthChecks = new HealthCheckServers();
      const step = applyOnce(parts, { services, slices, nodePorts, healthChecks, events: parts.events(ctx) });
      let cancelRetry = (): void => {};
      const apply = async (): Promise<void> => {
        cancelRetry();
        const delay = await step(ctx).catch((error: unknown) => {
          healthChecks.isHealthy = false;
          throw error;
        });
        if (delay !== undefined) cancelRetry = ctx.clock.after(delay, wake.ring);
      };
      const run = async (): Promise<void> => {
        await Promise.all([services.whenSynced(ctx.signal), slices.whenSynced(ctx.signal)]);
        await loop(wake, apply, ctx);
      };
      const done = run()
        .catch((error: unknown) => {
          if (!ctx.signal.aborted) throw error;
        })
        .finally(async () => {
          for (const unsubscribe of unsubscribes) unsubscribe();
          cancelRetry();
          await Promise.all([nodePorts.close(), healthChecks.close()]);
        });
      return { done };
    },
  };
}

interface Sources {
  readonly services: Informer<Service & KubeObject>;
  readonly slices: Informer<EndpointSlice & KubeObject>;
  readonly nodePorts: NodePortHolder;
  readonly healthChecks: HealthCheckServers;
  readonly events: EventRecorder;
}

/** One step of the loop: brings about what there is to say now, tells what did not come about, and when to try that again. */
function applyOnce(parts: ProxyParts, { services, slices, nodePorts, healthChecks, events }: Sources) {
  const { nodeName, dataplane } = parts;
  const news = new NodePortNews({ nodeName, events, serviceOf: (rule) => services.get(serviceKeyOf(rule)) });
  const refused = new RefusedServices();
  const refusedNews = new RefusedNews({ nodeName, events, serviceOf: (key) => services.get(key) });
  const healthNews = new HealthCheckNews({ nodeName, events, serviceOf: (key) => services.get(key) });
  return async (ctx: Context): Promise<Milliseconds | undefined> => {
    const wanted = planRules({ ...parts, services: services.list(), slices: slices.list() });
    const now = ctx.clock.monotonic();
    const tried = refused.leaveOut(wanted, now);
    const { rules, missing, unheld } = await nodePorts.take(tried, now);
    news.tell(missing, wanted.ports, ctx);
    news.log(unheld, ctx);
    const taken = await applyTaken(dataplane, rules, ctx);
    refused.learn(taken, tried, now);
    refusedNews.tell(refused.all, ctx);
    await nodePorts.release(taken.rules);
    const { report } = taken;
    if (report.lines > 0) ctx.log.debug('applied service rules', { ...report, ports: rules.ports.length });
    healthChecks.isHealthy = true;
    const checks = planHealthChecks({ nodeName, services: services.list(), slices: slices.list() });
    const unanswered = await healthChecks.answerFor(checks);
    healthNews.tell(unanswered, ctx);
    const isShort = missing.length + unheld.length + unanswered.length > 0;
    const again = [isShort ? retryNodePorts : undefined, refused.nextTry(now)];
    const waits = again.filter((each) => each !== undefined);
    return waits.length > 0 ? Math.min(...waits) : undefined;
  };
}

async function loop(wake: Wake, apply: () => Promise<void>, ctx: Context): Promise<void> {
  const backoff = new Backoff({ initial: 200, max: 30_000 });
  wake.ring();
  while (!ctx.signal.aborted) {
    await wake.rung(ctx.signal);
    await ctx.clock.sleep(gather, ctx.signal);
    wake.silence();
    try {
      await apply();
      backoff.forget('apply');
    } catch (error) {
      if (ctx.signal.aborted) return;
      const delay = backoff.next('apply');
      ctx.log.error(`could not apply service rules, trying again in ${delay} ms: ${messageOf(error)}`, { error });
      await ctx.clock.sleep(delay, ctx.signal);
      wake.ring();
    }
  }
}

/** A bell: rung any number of times, heard once. */
class Wake {
  #rung = false;
  #heard: (() => void) | undefined;

  readonly ring = (): void => {
    this.#rung = true;
    this.#heard?.();
  };

  silence(): void {
    this.#rung = false;
  }

  rung(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#rung) return resolve();
      if (signal.aborted) return reject(signal.reason);
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#heard = () => {
        this.#heard = undefined;
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
    });
  }
}
