import type { MetadataClient } from '@kubernest/client';
import type { Controller, ControllerContext, Outcome } from '@kubernest/controllers/engine';
import { isConditionTrue, type SentDefinition } from '@kubernest/kinds';
import { messageOf, TerminalError } from '@kubernest/kit';
import { deepEqual, isNotFound } from '@kubernest/meta';
import { isApiServerLease } from '../shared/api-server-lease.ts';
import { ApiServers } from '../shared/api-servers.ts';
import { type Condition, conditionsOf, withCondition } from '../shared/conditions.ts';
import { refs } from '../shared/refs.ts';
import {
  CLEANUP,
  endedAtOnce,
  hasBegun,
  isToBeCleaned,
  type Remaining,
  resourceOf,
  said,
  waitingFor,
} from './crd-finalizer.plan.ts';
import { deleteIn, remaining, undeletedIn } from './instances.ts';

/** Objects that others still hold are looked for again. */
const LOOK_AGAIN = 5_000;
const GOING = 'crd-going';

/** A definition that is deleted takes all its objects with it, and goes after them. */
export const crdFinalizer: Controller = withServers(new ApiServers());

function withServers(servers: ApiServers): Controller {
  return {
    name: 'crd-finalizer',
    serviceAccount: 'crd-finalizer-controller',
    reconciles: refs.customResourceDefinitions,
    watches: [
      {
        ref: refs.leases,
        keys: (lease, informers) => {
          if (!isApiServerLease(lease)) return [];
          const crds = informers.of<SentDefinition>(refs.customResourceDefinitions);
          crds.addIndex(GOING, (crd) => (isToBeCleaned(crd) ? [''] : []));
          return crds.byIndex(GOING, '').map(({ metadata }) => metadata.name!);
        },
      },
    ],
    writes: [
      { group: refs.customResourceDefinitions.group, resource: 'customresourcedefinitions/status', verbs: ['update'] },
      // Which resources there will be nobody knows.
      { group: '*', resource: '*', verbs: ['list', 'deletecollection'] },
    ],
    begin: () => withServers(new ApiServers()),
    async reconcile(name, ctx) {
      const cached = ctx.informers.of<SentDefinition>(refs.customResourceDefinitions).get(name);
      if (!cached || !isToBeCleaned(cached)) return 'done';
      const found = await live(name, ctx);
      if (!found || !isToBeCleaned(found)) return 'done';
      const ended = endedAtOnce(found);
      return ended ? finish(found, ended, ctx) : clean(found, servers, ctx);
    },
  };
}

/** From the server: several write to a definition that goes. */
async function live(name: string, ctx: ControllerContext): Promise<SentDefinition | undefined> {
  try {
    return await ctx.client.resource<SentDefinition>(refs.customResourceDefinitions).fetch({ name }, ctx);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return undefined;
  }
}

async function clean(found: SentDefinition, servers: ApiServers, ctx: ControllerContext): Promise<Outcome> {
  const crd = hasBegun(found) ? found : await say(found, said.inProgress, ctx);
  // A server that does not know of the deletion yet still takes new objects.
  const behind = servers.timeBehind(crd.metadata.resourceVersion!, ctx);
  if (behind > 0) return { againAfter: behind };
  const ref = resourceOf(crd);
  if (!ref) {
    const why = 'no version is served';
    return fail(crd, { condition: said.notListed(why), error: new TerminalError(why) }, ctx);
  }
  const { trouble, left } = await emptied(ctx.client.metadata(ref), { namespaced: crd.spec?.scope !== 'Cluster' }, ctx);
  if (trouble) {
    const isUnknown = isNotFound(trouble.error) && !isConditionTrue(crd, 'Established');
    return isUnknown ? finish(crd, said.neverEstablished, ctx) : fail(crd, trouble, ctx);
  }
  if (left.count === 0) return finish(crd, said.completed, ctx);
  await say(crd, waitingFor(crd, left, ctx.clock.now()), ctx);
  return { againAfter: LOOK_AGAIN };
}

interface Trouble {
  readonly condition: Condition;
  readonly error: unknown;
}

type Emptied =
  | { readonly left: Remaining; readonly trouble?: undefined }
  | { readonly left?: undefined; readonly trouble: Trouble };

async function emptied(
  api: MetadataClient,
  scope: { readonly namespaced: boolean },
  ctx: ControllerContext,
): Promise<Emptied> {
  try {
    const refused = await deleteIn(await undeletedIn(api, scope, ctx), api, ctx);
    if (refused.length === 0) return { left: await remaining(api, ctx) };
    const why = refused.length === 1 ? refused[0]! : `[${refused.join(', ')}]`;
    return { trouble: { condition: said.notDeleted(why), error: new Error(why) } };
  } catch (error) {
    ctx.signal.throwIfAborted();
    return { trouble: { condition: said.notListed(messageOf(error)), error } };
  }
}

async function fail(crd: SentDefinition, { condition, error }: Trouble, ctx: ControllerContext): Promise<never> {
  await say(crd, condition, ctx);
  throw error;
}

async function say(crd: SentDefinition, condition: Condition, ctx: ControllerContext): Promise<SentDefinition> {
  const conditions = withCondition(conditionsOf(crd), condition, ctx.clock.now());
  if (deepEqual(conditions as never, conditionsOf(crd) as never)) return crd;
  return update({ ...crd, status: { ...crd.status, conditions } }, ctx);
}

async function finish(crd: SentDefinition, condition: Condition, ctx: ControllerContext): Promise<'done'> {
  const conditions = withCondition(conditionsOf(crd), condition, ctx.clock.now());
  const finalizers = crd.metadata.finalizers?.filter((finalizer) => finalizer !== CLEANUP);
  await update({ ...crd, metadata: { ...crd.metadata, finalizers }, status: { ...crd.status, conditions } }, ctx);
  return 'done';
}

const update = (crd: SentDefinition, ctx: ControllerContext): Promise<SentDefinition> =>
  ctx.client.resource<SentDefinition>(refs.customResourceDefinitions).updateStatus(crd, {}, ctx);
