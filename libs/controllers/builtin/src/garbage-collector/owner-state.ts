import type { ControllerContext, DiscoveredResource, FoundObject } from '@kubernest/controllers/engine';
import {
  apiVersionOf,
  isNotFound,
  type KubeObject,
  type OwnerReference,
  paced,
  parseApiVersion,
  Rests,
  type Steps,
} from '@kubernest/meta';
import { type AbsentOwners, keyOf } from './absent-owners.ts';

export const FOREGROUND = 'foregroundDeletion';

/** With what one term of the collector has learnt. */
export interface CollectorContext extends ControllerContext {
  readonly absent: AbsentOwners;
}

/**
 * solid: it is there and stays. waiting: it is deleted in the foreground and waits for its dependents. absent: the server says that there
 * is no such object of this kind, name and uid. unknown: its kind is served by nobody now. impossible: it would be in a namespace, and its
 * dependent is in none.
 */
export type OwnerState = 'solid' | 'waiting' | 'absent' | 'unknown' | 'impossible';

export const stateFrom = ({ metadata }: KubeObject): 'solid' | 'waiting' =>
  metadata.deletionTimestamp && metadata.finalizers?.includes(FOREGROUND) ? 'waiting' : 'solid';

/**
 * One for each of the owners. The server is asked for none of them when one is of no kind or in no reach: then nothing is done anyway; and
 * those it is not asked for are 'unknown'.
 */
export async function statesOf(
  owners: readonly OwnerReference[],
  dependent: FoundObject,
  ctx: CollectorContext,
): Promise<readonly OwnerState[]> {
  const known = await paced(knownStates(owners, dependent, ctx));
  const given = known.map((state) => (typeof state === 'string' ? state : 'unknown'));
  if (known.includes('unknown') || known.includes('impossible')) return given;
  const questions = new Map<string, Question>();
  for (const state of known) if (typeof state !== 'string') questions.set(keyOf(state.owner, state.place), state);
  const answers = new Map<string, OwnerState>();
  // One after the other: whoever names ten thousand owners takes one worker's time and no more.
  for (const [key, question] of questions) answers.set(key, await ask(question, ctx));
  return known.map((state) => (typeof state === 'string' ? state : answers.get(keyOf(state.owner, state.place))!));
}

function* knownStates(
  owners: readonly OwnerReference[],
  dependent: FoundObject,
  ctx: CollectorContext,
): Steps<(OwnerState | Question)[]> {
  const known: (OwnerState | Question)[] = [];
  const rests = new Rests();
  for (const owner of owners) {
    if (rests.isDue()) yield;
    known.push(stateOf(owner, dependent, ctx));
  }
  return known;
}

/** What only the server knows. */
interface Question {
  readonly owner: OwnerReference;
  readonly resource: DiscoveredResource;
  readonly place: string | undefined;
}

/** An owner is who has its kind, its name and its uid, in reach of the dependent. Only the server's word makes one absent. */
function stateOf(owner: OwnerReference, dependent: FoundObject, ctx: CollectorContext): OwnerState | Question {
  const { namespace } = dependent.object.metadata;
  const cached = ctx.resources.byUid(owner.uid);
  const foreign = cached?.object.metadata.namespace !== undefined && cached.object.metadata.namespace !== namespace;
  if (foreign) reportForeign(owner, dependent, ctx);
  else if (cached && isNamed(owner, cached)) return stateFrom(cached.object);
  const resource = ctx.resources.find(owner.apiVersion, owner.kind);
  if (!resource) return 'unknown';
  if (resource.namespaced && !namespace) return 'impossible';
  const place = resource.namespaced ? namespace : undefined;
  return ctx.absent.has(owner, place) ? 'absent' : { owner, resource, place };
}

async function ask({ owner, resource, place }: Question, ctx: CollectorContext): Promise<OwnerState> {
  try {
    const live = await ctx.client.metadata(resource).fetch({ namespace: place, name: owner.name }, ctx);
    if (live.metadata.uid === owner.uid) return stateFrom(live);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // That nobody serves the kind any more says nothing of the owner; only a server that knows the kind names what is not there.
    if (error.details?.name !== owner.name) return 'unknown';
  }
  ctx.absent.add(owner, place);
  return 'absent';
}

/** In whatever version: an object has the same name and uid in all of them. */
const isNamed = ({ apiVersion, kind, name }: OwnerReference, { resource, object }: FoundObject): boolean =>
  resource.kind === kind && resource.group === parseApiVersion(apiVersion).group && object.metadata.name === name;

function reportForeign(owner: OwnerReference, { resource, object }: FoundObject, ctx: ControllerContext): void {
  const { apiVersion, kind, name, uid } = owner;
  const { namespace = '' } = object.metadata;
  const message = `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${namespace}"`;
  const dependent = { ...object, kind: resource.kind, apiVersion: apiVersionOf(resource) };
  ctx.events.record(dependent, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message });
}
