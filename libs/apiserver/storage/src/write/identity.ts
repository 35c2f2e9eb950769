import type { Draft } from '@kubernest/apiserver/codec';
import type { RequestInfo } from '@kubernest/apiserver/contract';
import { badRequest, type KubeObject, type StatusError } from '@kubernest/meta';

/** Where a body goes, as its path says. */
export interface Destination {
  readonly info: Pick<RequestInfo, 'verb' | 'namespace' | 'name'>;
  readonly namespaced: boolean;
  /** The answer to a body that names another object than its path; 400 unless given. */
  readonly otherName?: ((object: KubeObject, name: string) => StatusError) | undefined;
  /** A body without a name means what its path names. */
  readonly mayOmitName?: boolean | undefined;
}

/** What a body says of its own name and namespace must be what its path says; a namespace that it leaves out is filled in. */
export function settleIdentity(object: KubeObject, destination: Destination): void {
  settleNamespace(object, destination);
  settleName(object, destination);
}

export function settleNamespace(object: KubeObject, { info, namespaced }: Destination): void {
  const { metadata } = object as Draft;
  if (!namespaced) {
    // compat: of a cluster-scoped object it is dropped.
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== info.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  metadata.namespace = info.namespace;
}

/** Where the path names nothing, the body may name what it likes. */
function settleName(object: KubeObject, { info, otherName, mayOmitName = false }: Destination): void {
  const { metadata } = object as Draft;
  if (info.name === undefined || metadata.name === info.name) return;
  if (metadata.name) throw otherName?.(object, info.name) ?? mismatch(object, info.name, info.verb);
  if (!mayOmitName) throw mismatch(object, info.name, info.verb);
  metadata.name = info.name;
}

/** compat: the sentences of creations and of changes. */
function mismatch({ kind, metadata }: KubeObject, name: string, verb: string): StatusError {
  if (verb === 'create') return badRequest(`name in URL does not match name in ${kind} object`);
  if (!metadata.name) return nameless(name);
  return badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}

/** The refusal of a whole object without its name, though its path has it. */
export const nameless = (name: string): StatusError =>
  badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
