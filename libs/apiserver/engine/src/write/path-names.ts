import { badRequest, type KubeObject } from '@kubernest/meta';
import type { Admitted } from '../request-call.ts';
import type { Resource } from '../resources.ts';
import type { Draft } from './write-call.ts';

/** An object lives in the namespace of its path. */
export function setNamespace({ info }: Admitted, resource: Resource, draft: Draft): void {
  if (!resource.definition.namespaced) {
    // compat: on what lives in no namespace it is dropped.
    delete draft.metadata.namespace;
    return;
  }
  const { namespace } = draft.metadata;
  if (namespace && namespace !== info.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  draft.metadata.namespace = info.namespace;
}

/** An object bears the name of its path. */
export function checkName({ info }: Admitted, object: KubeObject): void {
  const { name } = object.metadata;
  if (!name) (object as Draft).metadata.name = info.name;
  else if (name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  }
}
