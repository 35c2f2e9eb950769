import type { Controller, ControllerContext, DiscoveredResource } from '@kubernest/controllers/engine';
import type { Namespace } from '@kubernest/kinds';
import { answerWithin, messageOf } from '@kubernest/kit';
import { deepEqual, isNotFound, type Json, type KubeObject, qualifiedResource, StatusError } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';
import { type Findings, isEmpty, planConditions } from './namespace.plan.ts';

const FINALIZER = 'kubernetes';
/** Should a deletion never be told (a dead aggregated API cannot tell), it is found out this late. */
const LOOK_AGAIN = 15_000;
/** Who serves it may hang, and the namespace's other content does not wait for that. */
const FIRST_ANSWER = 10_000;

export const namespace: Controller = {
  name: 'namespace',
  serviceAccount: 'namespace-controller',
  reconciles: refs.namespaces,
  watches: 'all',
  keysOfAny({ resource, object, deleted }, resources) {
    if (qualifiedResource(resource) === 'namespaces')
      return object.metadata.deletionTimestamp && !deleted ? [object.metadata.name!] : [];
    const { namespace: name } = object.metadata;
    if (!deleted || !name) return [];
    return resources.get(refs.namespaces, name)?.metadata.deletionTimestamp ? [name] : [];
  },
  writes: [
    { group: '', resource: 'namespaces', verbs: ['delete'] },
    { group: '', resource: 'namespaces/finalize', verbs: ['update'] },
    { group: '', resource: 'namespaces/status', verbs: ['update'] },
    { group: '*', resource: '*', verbs: ['delete', 'deletecollection'] },
  ],
  async reconcile(name, ctx) {
    const found = await live(name, ctx);
    if (!found?.metadata.deletionTimestamp || !found.spec?.finalizers?.includes(FINALIZER)) return 'done';
    const findings = await empty(name, ctx);
    if (isEmpty(findings)) {
      await finalize(found, ctx);
      return 'done';
    }
    const conditions = planConditions(found.status?.conditions ?? [], findings, ctx.clock.now());
    if (!deepEqual(conditions, found.status?.conditions ?? [])) {
      const status = { ...found.status, phase: 'Terminating', conditions };
      await ctx.client
        .resource<Namespace>(refs.namespaces)
        .updateStatus({ ...found, status }, {}, ctx)
        .catch(unlessGone);
    }
    return { againAfter: LOOK_AGAIN };
  },
};

/** From the server: several write to a namespace that goes. */
async function live(name: string, ctx: ControllerContext): Promise<Namespace | undefined> {
  try {
    return await ctx.client.resource<Namespace>(refs.namespaces).fetch({ name }, ctx);
  } catch (error) {
    unlessGone(error);
    return undefined;
  }
}

/** Pods first and, while any is left, nothing else: what they need (policies, secrets) stays as long as they run. */
async function empty(name: string, ctx: ControllerContext): Promise<Findings> {
  const { resources, failed } = await ctx.resources.discover(ctx);
  const inside = resources.filter(
    (resource) => resource.namespaced && qualifiedResource(resource) !== 'events.events.k8s.io',
  );
  const findings = {
    undiscovered: failed,
    failures: [] as string[],
    remaining: new Map<string, number>(),
    finalizers: new Map<string, number>(),
  };
  const [pods, others] = [
    inside.filter((r) => qualifiedResource(r) === 'pods'),
    inside.filter((r) => qualifiedResource(r) !== 'pods'),
  ];
  for (const batch of [pods, others]) {
    await Promise.all(batch.map((resource) => emptyOne(name, resource, findings, ctx)));
    if (!isEmpty(findings)) return findings;
  }
  return findings;
}

type Collected = {
  readonly failures: string[];
  readonly remaining: Map<string, number>;
  readonly finalizers: Map<string, number>;
};

async function emptyOne(
  name: string,
  resource: DiscoveredResource,
  into: Collected,
  ctx: ControllerContext,
): Promise<void> {
  const api = ctx.client.metadata(resource);
  try {
    const who = { who: qualifiedResource(resource), limit: FIRST_ANSWER };
    let { items } = await answerWithin(who, (within) => api.list({ namespace: name }, within), ctx);
    if (items.length === 0) return;
    await deleteAll(name, resource, items, ctx);
    ({ items } = await api.list({ namespace: name }, ctx));
    // compat: with the dot even where the group has no name.
    if (items.length > 0) into.remaining.set(`${resource.resource}.${resource.group}`, items.length);
    for (const finalizer of items.flatMap((item) => item.metadata.finalizers ?? [])) {
      into.finalizers.set(finalizer, (into.finalizers.get(finalizer) ?? 0) + 1);
    }
  } catch (error) {
    ctx.signal.throwIfAborted();
    // Whoever serves it is away: its objects cannot be seen, and the rest must not wait for it.
    if (error instanceof StatusError && (error.code === 503 || error.code === 404 || error.code === 405)) return;
    into.failures.push(`${qualifiedResource(resource)}: ${messageOf(error)}`);
  }
}

async function deleteAll(
  name: string,
  resource: DiscoveredResource,
  items: readonly KubeObject[],
  ctx: ControllerContext,
): Promise<void> {
  if (items.every((item) => item.metadata.deletionTimestamp)) return;
  const api = ctx.client.metadata(resource);
  if (resource.verbs.includes('deletecollection'))
    return api.deleteCollection({ namespace: name }, { propagationPolicy: 'Background' }, ctx);
  for (const item of items.filter(({ metadata }) => !metadata.deletionTimestamp)) {
    await api
      .delete({ namespace: name, name: item.metadata.name! }, { propagationPolicy: 'Background' }, ctx)
      .catch(unlessGone);
  }
}

async function finalize(found: Namespace, ctx: ControllerContext): Promise<void> {
  const { name } = found.metadata;
  const finalizers = found.spec!.finalizers!.filter((finalizer) => finalizer !== FINALIZER);
  const body = { ...found, spec: { ...found.spec, finalizers } } as unknown as Json;
  await ctx.client
    .resource(refs.namespaces)
    .subresource({ name: name! }, 'finalize', 'PUT', body, ctx)
    .catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
