import { type Draft, fillDefaults, paced } from '@kubernest/apiserver/codec';
import type { Edit, ObjectWriter, RequestInfo, WriteAs } from '@kubernest/apiserver/contract';
import { clone, type KubeObject, notFound, onceDone, promptly, type ResourceRef } from '@kubernest/meta';
import type { Resource } from './catalog/resource.ts';
import type { Engine, WriteEngine } from './engine.ts';
import { createObject } from './write/create.ts';
import { deleteObject } from './write/delete.ts';
import { updateObject } from './write/update.ts';
import type { WriteCall } from './write/write-call.ts';

/** Writes of plugins and subresources, on the same path as everybody's. */
export function objectWriter(engine: WriteEngine): ObjectWriter {
  return {
    async modify({ ref, namespace, name, subresource, keepsGeneration }, by, change, ctx) {
      const resource = resourceOf(engine, ref);
      const call = callOf(resource, by, { verb: 'update', namespace, name, subresource });
      const isEdit = typeof change === 'function';
      const order = {
        call: isEdit ? call : { ...call, standIn: change },
        namespace,
        name,
        next: isEdit ? edited(resource, change) : (base: KubeObject) => clone(base) as Draft,
        keepsGeneration,
      };
      const written = await updateObject(engine, order, ctx);
      return written.entry.object;
    },
    async create(object, ref, by, ctx) {
      const resource = resourceOf(engine, ref);
      const { namespace, name } = object.metadata;
      const call = callOf(resource, by, { verb: 'create', namespace, name, subresource: '' });
      const draft = { ...clone(object), kind: resource.definition.kind, apiVersion: resource.apiVersion } as Draft;
      await paced(fillDefaults(resource.definition, draft));
      const written = await createObject(engine, { call, draft }, ctx);
      return written.entry.object;
    },
    async remove({ ref, namespace, name }, by, options, ctx) {
      const resource = resourceOf(engine, ref);
      const call = callOf(resource, by, { verb: 'delete', namespace, name, subresource: '' });
      const written = await deleteObject(engine, { call, namespace, name, options }, ctx);
      return written.entry.object;
    },
  };
}

function edited({ definition }: Resource, edit: Edit) {
  return (base: KubeObject): Draft | undefined | Promise<Draft> => {
    const draft = clone(base) as Draft;
    if (edit(draft) === false) return undefined;
    return onceDone(promptly(fillDefaults(definition, draft)), () => draft);
  };
}

function resourceOf(engine: Engine, ref: ResourceRef): Resource {
  const resource = engine.resources.find(ref.group, ref.version, ref.resource);
  if (!resource) throw notFound({ group: ref.group, resource: ref.resource });
  return resource;
}

interface Target {
  readonly verb: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string;
}

function callOf(resource: Resource, by: WriteAs, target: Target): WriteCall {
  const { user, fieldManager, dryRun, fence, request, isAdmitted } = by;
  const asked = isAdmitted ? undefined : request;
  return {
    resource,
    info: asked?.info ?? infoOf(resource, target),
    user,
    mayCreate: false,
    fieldManager,
    dryRun,
    fence,
    isAdmitted,
    warn: asked?.warn,
    annotate: request?.annotate,
    options: asked?.options ?? (dryRun ? { dryRun: ['All'] } : {}),
  };
}

/** What would ask for it. */
function infoOf({ definition }: Resource, { verb, namespace, name, subresource }: Target): RequestInfo {
  const { group, version, plural: resource } = definition;
  return { isResource: true, verb, path: '', group, version, namespace, resource, subresource, name, rest: [] };
}
