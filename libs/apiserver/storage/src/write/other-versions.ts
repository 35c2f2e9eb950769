import { type Converse, paced } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import {
  type Applying,
  type FieldChanges,
  type Json,
  type KubeObject,
  type ManagedFieldsEntry,
  ownableChangesInSteps,
  parseApiVersion,
  type VersionedObject,
} from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import type { Engine } from '../engine.ts';
import { ConversionError, converted } from '../views/convert.ts';
import { frozenCopy } from '../views/frozen-copy.ts';

type Compared = Parameters<typeof ownableChangesInSteps>[0];
type Entries = readonly ManagedFieldsEntry[] | undefined;

/** Whoever applies an object of which fields are owned in other versions asks what comes of it there; undefined: none is. */
export function converseFor(engine: Engine, resource: Resource, live: KubeObject, ctx: Context): Converse | undefined {
  if (otherVersions(live.metadata.managedFields, resource).length === 0) return undefined;
  return async <T>(work: Applying<T>): Promise<T> => {
    let answer: VersionedObject | undefined;
    for (;;) {
      const { done, value } = work.next(answer);
      if (done) return value;
      const object = value.object as unknown as Partial<KubeObject>;
      answer = await withMetadataOf(live, object, (whole) =>
        inOtherVersion(engine, resource, { object: whole, apiVersion: value.apiVersion }, ctx),
      );
    }
  };
}

/** What is left of an object on the way may have lost its metadata, without which nothing is converted: for so long it is lent those that name it. */
async function withMetadataOf(
  { metadata: { name, namespace, uid } }: KubeObject,
  object: Partial<KubeObject>,
  convert: (whole: KubeObject) => Promise<VersionedObject | undefined>,
): Promise<VersionedObject | undefined> {
  if (object.metadata) return convert(object as KubeObject);
  const lent = { ...(name && { name }), ...(namespace && { namespace }), ...(uid && { uid }) };
  const there = await convert({ ...object, metadata: lent } as KubeObject);
  if (!there) return undefined;
  const { metadata: _, ...rest } = there.object as unknown as KubeObject;
  return { ...there, object: rest as Json };
}

/**
 * A change of an object as it is in the other versions in which somebody owns fields of it. compat: what cannot be converted keeps nobody from
 * writing: then it is taken for what it is in the writer's.
 */
export async function changesElsewhere(
  engine: Engine,
  resource: Resource,
  change: Compared & { readonly old: KubeObject },
  ctx: Context,
): Promise<ReadonlyMap<string, FieldChanges>> {
  const { old, next, ...how } = change;
  const changes = new Map<string, FieldChanges>();
  for (const apiVersion of otherVersions(next.metadata.managedFields, resource)) {
    const there = (object: KubeObject) =>
      inOtherVersion(engine, resource, { object, apiVersion }, ctx).catch((error: unknown) => {
        if (error instanceof ConversionError) return undefined;
        throw error;
      });
    const before = await there(old);
    const after = before && (await there(next));
    if (!before || !after) continue;
    const [was, is] = [objectOf(before), objectOf(after)];
    changes.set(apiVersion, await paced(ownableChangesInSteps({ ...how, schema: after.schema, old: was, next: is })));
  }
  return changes;
}

const objectOf = ({ object }: VersionedObject): KubeObject => object as unknown as KubeObject;

export function otherVersions(entries: Entries, { apiVersion: own, definition }: Resource): readonly string[] {
  if (!definition.storage || !Array.isArray(entries)) return [];
  const versions = new Set((entries as readonly ManagedFieldsEntry[]).map(({ apiVersion }) => apiVersion));
  return [...versions].filter((each): each is string => typeof each === 'string' && each !== own);
}

/** Whether the kind has such a version, served or not. */
export function isVersion(engine: Engine, { apiVersion: own, definition }: Resource, apiVersion: string): boolean {
  if (apiVersion === own || definition.storage?.versions?.includes(apiVersion)) return true;
  const { group, version } = parseApiVersion(apiVersion);
  return engine.resources.find(group, version, definition.plural) !== undefined;
}

/** Undefined where that version is not served. */
async function inOtherVersion(
  engine: Engine,
  { definition: { plural } }: Resource,
  { object, apiVersion }: { readonly object: KubeObject; readonly apiVersion: string },
  ctx: Context,
): Promise<VersionedObject | undefined> {
  const { group, version } = parseApiVersion(apiVersion);
  const resource = engine.resources.find(group, version, plural);
  if (!resource?.definition.storage) return undefined;
  const { managedFields: _, ...metadata } = object.metadata;
  const own = await paced(frozenCopy({ ...object, metadata }));
  const [there] = await converted({ resource }, [own], ctx);
  const { asDeclared } = resource.definition.storage;
  const made = asDeclared ? await paced(asDeclared(there!, resource.storesOwnVersion)) : there;
  return { apiVersion, schema: resource.definition.schema, object: made as unknown as Json };
}
