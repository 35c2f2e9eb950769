import { checkPreconditions, type Subresource, type SubresourceCall } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { findBodyType } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  badRequest,
  fieldInvalid,
  formatLabelSelector,
  invalid,
  type KubeObject,
  type LabelSelector,
  notFound,
  requirementsOf,
} from '@kubernest/meta';
import { setAt, valueAt } from '../dotted-path.ts';

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas: number; readonly selector?: string };
}

const body = findBodyType('autoscaling', 'v1', 'Scale')!;

/** `/scale` of every kind whose definition says where its replicas are. */
export const scale: Subresource = {
  of: (definition) => definition.scale !== undefined,
  name: 'scale',
  verbs: ['get', 'update', 'patch'],
  body,
  async handle(call, ctx) {
    const { definition } = call;
    const { verb, namespace, name } = call.info;
    if (verb === 'get') return call.encode(200, toScale(definition, await scaled(call, ctx)));
    if (verb !== 'update' && verb !== 'patch') throw badRequest(`scale cannot be asked to ${verb}`);
    const change = verb === 'update' ? await replacement(call) : await patching(call, definition);
    const { group, version, plural } = definition;
    const target = { ref: { group, version, resource: plural }, namespace, name: name!, subresource: 'scale' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      (draft) => rescale(definition, draft, change(draft)),
      ctx,
    );
    return call.encode(200, toScale(definition, written));
  },
};

async function scaled({ read, info, definition }: SubresourceCall, ctx: Context): Promise<KubeObject> {
  const ref = { group: definition.group, resource: definition.plural };
  const object = await read.fetch(ref, info.namespace ? `${info.namespace}/${info.name}` : info.name!, ctx);
  if (!object) throw notFound({ ...ref, name: info.name });
  return object;
}

async function replacement(call: SubresourceCall): Promise<() => Scale> {
  const scale = await call.decode<Scale>(body);
  return () => scale;
}

async function patching(call: SubresourceCall, definition: ResourceDefinition): Promise<(draft: KubeObject) => Scale> {
  // Applying a scale is merging it: it has one field that can be owned.
  const patched = await call.patching<Scale>(body, 'merge');
  return (draft) => patched(toScale(definition, draft));
}

function rescale(definition: ResourceDefinition, draft: KubeObject, scale: Scale): boolean {
  const subject = { group: definition.group, resource: definition.plural, name: draft.metadata.name };
  checkPreconditions(subject, scale.metadata, draft.metadata);
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale', name: draft.metadata.name ?? '' }, [
      fieldInvalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  if (valueAt(draft, definition.scale!.specReplicas) === replicas) return false;
  setAt(draft, definition.scale!.specReplicas, replicas);
  return true;
}

function toScale({ scale }: ResourceDefinition, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = scale!.selector === undefined ? undefined : valueAt(object, scale!.selector);
  const text =
    typeof selector === 'string'
      ? selector
      : formatLabelSelector(requirementsOf(selector as LabelSelector | undefined) ?? []);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: (valueAt(object, scale!.specReplicas) as number | undefined) ?? 0 },
    status: {
      replicas: (valueAt(object, scale!.statusReplicas) as number | undefined) ?? 0,
      ...(text ? { selector: text } : {}),
    },
  };
}
