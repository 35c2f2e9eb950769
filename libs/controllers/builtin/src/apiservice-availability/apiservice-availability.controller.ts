import type { InformerSet } from '@kubernest/client';
import type { Controller, ControllerContext, Outcome } from '@kubernest/controllers/engine';
import type { APIService, EndpointSlice, Service } from '@kubernest/kinds';
import { Backoff, type Context, messageOf } from '@kubernest/kit';
import { deepEqual, isNotFound } from '@kubernest/meta';
import { type Condition, conditionsOf, withCondition } from '../shared/conditions.ts';
import { refs } from '../shared/refs.ts';
import { type Backend, checkFailed, faultOf, said, type Target } from './apiservice-availability.plan.ts';

/** Whether the server behind answers for its group-version; one question. Rejects with why not, in words for people. */
export type CheckDiscovery = (service: APIService, ctx: Context) => Promise<void>;

export interface AvailabilityMetrics {
  /** Told at each look. */
  observed(name: string, isAvailable: boolean): void;
  /** It was available, and is not any more. */
  lost(name: string, reason: string): void;
  forgotten(name: string): void;
}

export interface AvailabilityOptions {
  readonly check: CheckDiscovery;
  readonly metrics?: AvailabilityMetrics;
}

/** What fails without a change of any object (a route, a process that hangs) is found out this late. */
const LOOK_AGAIN = 30_000;
/** compat: the answer of one endpoint is enough. */
const ATTEMPTS = 5;
const SERVICE_NAME = 'kubernetes.io/service-name';

/**
 * Says of each APIService whether its server answers. Runs beside each API server, as in Kubernetes: who asks must be the one that
 * requests go through, with its own way to the backend and its own certificate.
 */
export function apiserviceAvailability(options: AvailabilityOptions): Controller {
  return {
    name: 'apiservice-availability',
    serviceAccount: 'apiservice-availability-controller',
    reconciles: refs.apiServices,
    watches: [
      {
        ref: refs.services,
        keys: ({ metadata }, informers) => namesBehind(informers, metadata.namespace, metadata.name),
      },
      {
        ref: refs.endpointSlices,
        keys: ({ metadata }, informers) => namesBehind(informers, metadata.namespace, metadata.labels?.[SERVICE_NAME]),
      },
    ],
    writes: [{ group: refs.apiServices.group, resource: 'apiservices/status', verbs: ['update'] }],
    // One that hangs holds one of them for some seconds in each half minute.
    workers: 10,
    begin() {
      const backoff = new Backoff({ initial: 100, max: LOOK_AGAIN });
      return { ...this, reconcile: (name, ctx) => look(name, { ...options, backoff }, ctx) };
    },
    reconcile: (name, ctx) => look(name, { ...options, backoff: new Backoff({ initial: 100, max: LOOK_AGAIN }) }, ctx),
  };
}

function namesBehind(informers: InformerSet, namespace: string | undefined, name: string | undefined): string[] {
  return informers
    .of<APIService>(refs.apiServices)
    .list()
    .filter(({ spec }) => spec?.service?.name === name && spec?.service?.namespace === namespace && name !== undefined)
    .map(({ metadata }) => metadata.name!);
}

type Parts = AvailabilityOptions & { readonly backoff: Backoff };

async function look(name: string, { check, metrics, backoff }: Parts, ctx: ControllerContext): Promise<Outcome> {
  const found = ctx.informers.of<APIService>(refs.apiServices).get(name);
  if (!found) {
    metrics?.forgotten(name);
    backoff.forget(name);
    return 'done';
  }
  const target = found.spec?.service;
  const condition = target ? await judge(found, target, { check, ctx }) : said.local;
  const isAvailable = condition.status === 'True';
  metrics?.observed(name, isAvailable);
  if ((await say(found, condition, ctx)) && !isAvailable && wasAvailable(found)) metrics?.lost(name, condition.reason);
  if (condition.reason === 'FailedDiscoveryCheck') return { againAfter: backoff.next(name) };
  backoff.forget(name);
  return target && isAvailable ? { againAfter: LOOK_AGAIN } : 'done';
}

async function judge(
  found: APIService,
  target: Target,
  { check, ctx }: { readonly check: CheckDiscovery; readonly ctx: ControllerContext },
): Promise<Condition> {
  const fault = faultOf(target, backendOf(target, ctx.informers));
  if (fault) return fault;
  const attempts = Array.from({ length: ATTEMPTS }, () => check(found, ctx));
  try {
    await Promise.any(attempts);
    return said.passed;
  } catch (error) {
    ctx.signal.throwIfAborted();
    return checkFailed((error as AggregateError).errors.map(messageOf), conditionsOf(found));
  }
}

function backendOf({ namespace, name }: Target, informers: InformerSet): Backend {
  const slices = informers.of<EndpointSlice>(refs.endpointSlices).list(namespace);
  return {
    service: informers.of<Service>(refs.services).get(`${namespace}/${name}`),
    slices: slices.filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name),
  };
}

const wasAvailable = (found: APIService): boolean =>
  conditionsOf(found).some(({ type, status }) => type === 'Available' && status === 'True');

/** Whether there was something new to say. */
async function say(found: APIService, condition: Condition, ctx: ControllerContext): Promise<boolean> {
  const before = conditionsOf(found);
  const conditions = withCondition(before, condition, ctx.clock.now());
  if (deepEqual(conditions as never, before as never)) return false;
  try {
    await ctx.client
      .resource<APIService>(refs.apiServices)
      .updateStatus({ ...found, status: { ...found.status, conditions } }, {}, ctx);
    return true;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return false;
  }
}
