import type { ObjectReader } from '@kubernest/apiserver/engine';
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
  readonly node?: BoundObject;
}

/** A pod that is being deleted still needs its token to say goodbye. */
const leewaySeconds = 60;

interface Need {
  readonly resource: string;
  readonly key: string;
  readonly uid: string;
  readonly reason: string;
}

/**
 * Undefined at once while the cache knows everything the token depends on. Else the store is asked before a token is refused: the
 * account may have been made through another API server a moment ago.
 */
export function findFault(
  binding: TokenBinding,
  read: ObjectReader,
  ctx: Context,
): undefined | Promise<string | undefined> {
  const missing = needsOf(binding).filter((need) => !stands(read.get(core(need), need.key), need, ctx));
  return missing.length === 0 ? undefined : firstFault(missing, read, ctx);
}

async function firstFault(missing: readonly Need[], read: ObjectReader, ctx: Context): Promise<string | undefined> {
  for (const need of missing) {
    if (!stands(await read.fetch(core(need), need.key, ctx), need, ctx)) return need.reason;
  }
  return undefined;
}

function needsOf({ namespace, serviceaccount, pod, secret, node }: TokenBinding): readonly Need[] {
  const inNamespace = (resource: string, what: string, object: BoundObject): Need => ({
    resource,
    key: `${namespace}/${object.name}`,
    uid: object.uid,
    reason: `${what} ${namespace}/${object.name} with UID ${object.uid} does not exist`,
  });
  const needs = [inNamespace('serviceaccounts', 'service account', serviceaccount)];
  if (pod) needs.push(inNamespace('pods', 'pod', pod));
  if (secret) needs.push(inNamespace('secrets', 'secret', secret));
  // compat: the node told along with a pod is information; only a token bound to the node itself dies with it.
  if (node && !pod) {
    const reason = `node ${node.name} with UID ${node.uid} does not exist`;
    needs.push({ resource: 'nodes', key: node.name, uid: node.uid, reason });
  }
  return needs;
}

function stands(object: KubeObject | undefined, need: Need, ctx: Context): boolean {
  if (object?.metadata.uid !== need.uid) return false;
  const { deletionTimestamp } = object.metadata;
  if (deletionTimestamp === undefined) return true;
  return ctx.clock.now().getTime() <= Date.parse(deletionTimestamp) + leewaySeconds * 1000;
}

const core = ({ resource }: Need) => ({ group: '', resource });
