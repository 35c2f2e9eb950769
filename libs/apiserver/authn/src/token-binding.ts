import type { ObjectReader } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';

export interface BoundObject {
  readonly name: string;
  readonly uid: string;
}

/** What a service account token depends on, as its private claims say. */
export interface TokenBinding {
  readonly namespace: string;
  readonly serviceaccount: BoundObject;
  readonly pod?: BoundObject;
  readonly secret?: BoundObject;
  /** Without a uid where a pod is bound to a node that nobody has registered. */
  readonly node?: Pick<BoundObject, 'name'> & Partial<BoundObject>;
}

/** A pod that is being deleted still needs its token to say goodbye. */
const leewaySeconds = 60;

/** An object that must be there, and be the same. */
export interface Need {
  readonly resource: string;
  readonly key: string;
  readonly uid: string;
  /** Why the token is refused, by what became of the object. */
  readonly because: { readonly gone: string; readonly deleted: string; another(uid: string): string };
}

/**
 * Undefined at once while the cache knows everything the token depends on. Else the store is asked before a token is refused: the
 * account may have been made through another API server a moment ago.
 */
export function findFault(
  needs: readonly Need[],
  read: ObjectReader,
  ctx: Context,
): undefined | Promise<string | undefined> {
  const missing = needs.filter((need) => faultOf(read.get(core(need), need.key), need, ctx) !== undefined);
  return missing.length === 0 ? undefined : firstFault(missing, read, ctx);
}

async function firstFault(missing: readonly Need[], read: ObjectReader, ctx: Context): Promise<string | undefined> {
  for (const need of missing) {
    const fault = faultOf(await read.fetch(core(need), need.key, ctx), need, ctx);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What a token depends on, by what it is bound to. */
export function needsOf({ namespace, serviceaccount, pod, secret, node }: TokenBinding): readonly Need[] {
  const needs = [accountNeed(namespace, serviceaccount)];
  if (secret) needs.push(boundNeed('secret', `${namespace}/${secret.name}`, secret));
  if (pod) needs.push(boundNeed('pod', `${namespace}/${pod.name}`, pod));
  // compat: the node told along with a pod is information; only a token bound to the node itself dies with it.
  else if (node) needs.push(boundNeed('node', node.name, node));
  return needs;
}

function accountNeed(namespace: string, { name, uid }: BoundObject): Need {
  return {
    resource: 'serviceaccounts',
    key: `${namespace}/${name}`,
    uid,
    because: {
      gone: `serviceaccounts "${name}" not found`,
      deleted: 'service account has been deleted',
      another: (present) => `service account UID (${present}) does not match claim (${uid})`,
    },
  };
}

function boundNeed(kind: 'pod' | 'secret' | 'node', key: string, { uid = '' }: Partial<BoundObject>): Need {
  const ended = 'service account token has been invalidated';
  return {
    resource: `${kind}s`,
    key,
    uid,
    because: {
      gone: ended,
      deleted: ended,
      another: (present) => `${kind} UID (${present}) does not match service account ${kind} ref claim (${uid})`,
    },
  };
}

function faultOf(object: KubeObject | undefined, { uid, because }: Need, ctx: Context): string | undefined {
  if (!object) return because.gone;
  if (object.metadata.uid !== uid) return because.another(object.metadata.uid ?? '');
  const { deletionTimestamp } = object.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const until = Date.parse(deletionTimestamp) + leewaySeconds * 1000;
  return ctx.clock.now().getTime() <= until ? undefined : because.deleted;
}

const core = ({ resource }: Need) => ({ group: '', resource });
