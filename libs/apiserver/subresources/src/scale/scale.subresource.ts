import type { Scale } from '@kubernest/api-types/autoscaling/v1';
import {
  checkPreconditions,
  type Patching,
  type Subresource,
  type SubresourceCall,
} from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { findBodyType } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  badRequest,
  fieldInvalid,
  formatLabelSelector,
  internalError,
  invalid,
  type KubeObject,
  type LabelSelector,
  notFound,
  requirementsOf,
  type StatusError,
} from '@kubernest/meta';
import { setAt, valueAt } from '../dotted-path.ts';
import { columnsOf } from './scale.columns.ts';

/** compat: stands for none where a patch is laid over it. */
const NO_REPLICAS = -(2 ** 31);

const body = findBodyType('autoscaling', 'v1', 'Scale')!;

/** Who owns them in a Scale owns them in what is scaled. */
const replicas = {
  field: 'spec.replicas',
  fieldIn: ({ scale }: ResourceDefinition) => scale?.specReplicas,
};

/** `/scale` of every kind whose definition says where its replicas are. */
export const scale: Subresource = {
  of: (definition) => definition.scale !== undefined,
  name: 'scale',
  verbs: ['get', 'update', 'patch'],
  body,
  columns: columnsOf,
  async handle(call, ctx) {
    const { definition } = call;
    const { verb, namespace, name } = call.info;
    if (verb === 'get') {
      const object = await scaled(call, ctx);
      if (lacksReplicas(definition, object)) throw internalError(`${fieldOf(definition)} does not exist`);
      return call.encode(200, toScale(definition, object));
    }
    if (verb !== 'update' && verb !== 'patch') throw badRequest(`scale cannot be asked to ${verb}`);
    const patch = verb === 'patch' ? await call.patching<Scale>(body) : undefined;
    const wanted = patch ? patched(patch, definition) : await replacement(call);
    const of = (object: KubeObject) => toScale(definition, object);
    const put = (scale: KubeObject, draft: KubeObject) => rescale(definition, draft, scale);
    const { group, version, plural } = definition;
    const target = { ref: { group, version, resource: plural }, namespace, name: name!, subresource: 'scale' };
    const written = await call.write.modify(
      target,
      call.writeAs,
      { kind: body, ...replicas, isApplied: patch?.isApply ?? false, wanted, put, of },
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

type Wanted = (standing: Scale, stored: KubeObject) => Scale;

function patched({ isApply, of }: Patching<Scale>, definition: ResourceDefinition): Wanted {
  // It would be taken for a number that others have written.
  const none = isApply ? undefined : NO_REPLICAS;
  return (standing, stored) => {
    const scale = lacksReplicas(definition, stored) ? scaledAnew(standing) : of(standing);
    const { uid } = stored.metadata;
    // compat: of a declared kind a patch is not asked which object it means.
    if (definition.customSchema) return { ...scale, metadata: { ...scale.metadata, uid } };
    const { group, plural } = definition;
    const subject = { group, resource: `${plural}/scale`, name: stored.metadata.name };
    checkPreconditions(subject, { uid: scale.metadata.uid }, { uid });
    return scale;
  };

  /** A patch that says nothing of them leaves them as they were. */
  function scaledAnew(standing: Scale): Scale {
    const scale = of(none === undefined ? standing : { ...standing, spec: { replicas: none } });
    if (scale.spec?.replicas === none) throw badRequest(`${fieldOf(definition)} cannot be empty`);
    return scale;
  }
}

/** compat: what is built in always has some, by default. */
const lacksReplicas = ({ customSchema, scale }: ResourceDefinition, object: KubeObject): boolean =>
  customSchema !== undefined && valueAt(object, scale!.specReplicas) === undefined;

const fieldOf = ({ scale }: ResourceDefinition): string => `the spec replicas field ".${scale!.specReplicas}"`;

/** compat: a declared kind refuses it as its own. */
function tooFew({ customSchema, group, kind, scale }: ResourceDefinition, name: string, replicas: number): StatusError {
  if (customSchema)
    return invalid({ group, kind, name }, [
      fieldInvalid(`.${scale!.specReplicas}`, replicas, 'should be a non-negative integer'),
    ]);
  const why = 'must be greater than or equal to 0';
  return invalid({ group: 'autoscaling', kind: 'Scale', name }, [fieldInvalid('spec.replicas', replicas, why)]);
}

function rescale(definition: ResourceDefinition, draft: KubeObject, scale: Scale): void {
  const subject = { group: definition.group, resource: definition.plural, name: draft.metadata.name };
  checkPreconditions(subject, scale.metadata, draft.metadata);
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0) throw tooFew(definition, draft.metadata.name ?? '', replicas);
  setAt(draft, definition.scale!.specReplicas, replicas);
}

function toScale({ scale }: ResourceDefinition, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, scale!.specReplicas) as number | undefined;
  const selector = scale!.selector === undefined ? undefined : valueAt(object, scale!.selector);
  const text =
    typeof selector === 'string'
      ? selector
      : formatLabelSelector(requirementsOf(selector as LabelSelector | undefined) ?? []);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // compat: none is not said.
    spec: replicas ? { replicas } : {},
    status: {
      replicas: (valueAt(object, scale!.statusReplicas) as number | undefined) ?? 0,
      ...(text ? { selector: text } : {}),
    },
  };
}
