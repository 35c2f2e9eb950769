import { fieldsOfNew } from './field-added.ts';
import { type FieldChanges, nothing } from './field-changes.ts';
import { compareFields, compareFieldsInSteps } from './field-compare.ts';
import {
  emptyFieldSet,
  type FieldSet,
  fieldSetOfPaths,
  isEmptyFieldSet,
  subtractFields,
  subtractFieldTrees,
  unionFields,
} from './field-set.ts';
import {
  capManagers,
  type ManagerEntry,
  type Managers,
  managerIdentity,
  startingManagers,
  writeManagersInSteps,
} from './managed-entries.ts';
import type { Json, KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';
import type { Schema } from './schema.ts';
import { atOnce, Rests, type Steps } from './steps.ts';
import { deepEqual, type JsonObject, setKey } from './value.ts';

export interface ManagedUpdate {
  /** What is stored; absent on create. */
  readonly old?: KubeObject | undefined;
  /** What will be stored, defaults applied. Its own `metadata.managedFields` are what the client sent. */
  readonly next: KubeObject;
  readonly manager: string;
  /** The version the client speaks. */
  readonly apiVersion: string;
  /** '' for the main resource. */
  readonly subresource?: string;
  readonly time: WireTime;
  readonly schema: Schema;
  /** There is much in it: it is worked out in short steps. */
  readonly large?: boolean | undefined;
  /** Fields that this write cannot change and so never owns, with all below: the status, on the main resource of a kind with /status. */
  readonly ignore?: FieldSet;
  /** The same change in other versions in which there are owners, by version: see `ownableChangesInSteps`. */
  readonly elsewhere?: ReadonlyMap<string, FieldChanges> | undefined;
}

/** compat: fields that nobody owns; of a top-level field with fields below it only those are owned (Go always writes it). */
const ownerless: FieldSet = fieldSetOfPaths([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => ['f:metadata', `f:${field}`]),
]);

/**
 * The managed fields of `next` after an update: what the writer added or changed is the writer's and nobody else's, what is gone is
 * nobody's. Returns the entries as stored. Objects whose managed fields were reset stay without until they are applied.
 */
export function updateManagedFields(update: ManagedUpdate): ManagedFieldsEntry[] {
  return atOnce(managedFieldsInSteps(update));
}

/** The same in steps between which others may have their turn: of an object with very many fields each is long. */
export function* managedFieldsInSteps(update: ManagedUpdate): Steps<ManagedFieldsEntry[]> {
  const subresource = update.subresource ?? '';
  const start = yield* startingManagers(update.old, update.next, subresource);
  if (update.old && start.size === 0) return [];
  yield;
  const changes = yield* ownableChangesInSteps(update);
  yield;
  const managers: Managers = new Map(start);
  const changed = changedIn(changes);
  const writer = {
    manager: update.manager,
    operation: 'Update' as const,
    apiVersion: update.apiVersion,
    subresource,
  };
  const identity = managerIdentity(writer);
  dispossess(managers, { own: changes, elsewhere: update.elsewhere }, identity);
  yield;
  if (!isEmptyFieldSet(changed)) {
    const set = unionFields(managers.get(identity)?.set ?? emptyFieldSet, changed);
    managers.set(identity, { ...writer, time: update.time, set });
  }
  capManagers(managers);
  yield;
  return yield* writeManagersInSteps(managers);
}

export type Compared = Pick<ManagedUpdate, 'old' | 'next' | 'schema' | 'ignore' | 'large'>;

/** What changed that can be owned, in short steps where it is large. */
export function* ownableChangesInSteps(update: Compared): Steps<FieldChanges> {
  const { old, large, ignore = emptyFieldSet } = update;
  if (!old && !large) return { ...nothing, added: ownableOfNew(update, ignore) };
  return ownableOf(yield* changesIn(update), ignore);
}

/** By what is ignored, and by all fields: new objects of a kind have the same ones again and again. */
const ownables = new WeakMap<FieldSet, WeakMap<FieldSet, FieldSet>>();

function ownableOfNew({ schema, next }: Compared, ignore: FieldSet): FieldSet {
  const fields = fieldsOfNew(schema, fieldsOf(next));
  const known = ownables.getOrInsertComputed(ignore, () => new WeakMap<FieldSet, FieldSet>());
  return known.getOrInsertComputed(fields, () => ownable(fields, ignore));
}

function* changesIn({ schema, old, next, large }: Compared): Steps<FieldChanges> {
  if (large) {
    const fields = { old: yield* fieldsInSteps(old), next: yield* fieldsInSteps(next) };
    yield;
    return yield* compareFieldsInSteps(schema, fields.old, fields.next);
  }
  const [before, after] = [fieldsOf(old), fieldsOf(next)];
  return compareFields(schema, before, sharing(before, after));
}

/** `next`, of which each member that equals that of `old` is that of `old`: what is the same need not be compared field by field. */
function sharing(old: JsonObject, next: JsonObject): JsonObject {
  const shared: JsonObject = {};
  for (const key of Object.keys(next)) setKey(shared, key, deepEqual(old[key], next[key]) ? old[key]! : next[key]!);
  return shared;
}

/** What changed, for owners in each version: in the writer's, and in others where it is known how it looks there. */
export interface ChangesInVersions {
  readonly own: FieldChanges;
  readonly elsewhere?: ReadonlyMap<string, FieldChanges> | undefined;
}

export function changesFor({ own, elsewhere }: ChangesInVersions, { apiVersion }: Pick<ManagerEntry, 'apiVersion'>) {
  return elsewhere?.get(apiVersion) ?? own;
}

export const changedIn = ({ added, modified }: FieldChanges): FieldSet => unionFields(added, modified);

/** Takes from all of `managers` what was changed or removed, but from the `writer` only what was removed; who owns nothing any more is forgotten. */
export function dispossess(managers: Managers, changes: ChangesInVersions, writer?: string): void {
  const lostIn = new Map<FieldChanges, FieldSet>();
  for (const [identity, entry] of managers) {
    const there = changesFor(changes, entry);
    const lost =
      identity === writer
        ? there.removed
        : lostIn.getOrInsertComputed(there, () => unionFields(changedIn(there), there.removed));
    const set = subtractFields(entry.set, lost);
    if (isEmptyFieldSet(set)) managers.delete(identity);
    else if (set !== entry.set) managers.set(identity, { ...entry, set });
  }
}

/** What changed, without what nobody owns and what this write has no say in. */
export function ownableChanges(update: Pick<ManagedUpdate, 'old' | 'next' | 'schema' | 'ignore'>): FieldChanges {
  return ownableOf(compareFields(update.schema, fieldsOf(update.old), fieldsOf(update.next)), update.ignore);
}

function ownableOf(changes: FieldChanges, ignore: FieldSet = emptyFieldSet): FieldChanges {
  const own = (set: FieldSet): FieldSet => ownable(set, ignore);
  return { added: own(changes.added), modified: own(changes.modified), removed: own(changes.removed) };
}

const ownable = (set: FieldSet, ignore: FieldSet): FieldSet =>
  subtractFieldTrees(subtractFields(set, ownerless), ignore);

export const withoutOwnerless = (set: FieldSet): FieldSet => subtractFields(set, ownerless);

/** An object as managed fields see it: without the record of themselves. */
export function fieldsOf(object: KubeObject | undefined): JsonObject {
  if (!object) return {};
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...(object as unknown as Record<string, Json>), metadata: metadata as Json };
}

/** The same of an object that may have very many fields. */
function* fieldsInSteps(object: KubeObject | undefined): Steps<JsonObject> {
  const fields: JsonObject = {};
  if (!object) return fields;
  const { managedFields: _, ...metadata } = object.metadata;
  const rests = new Rests();
  for (const key of Object.keys(object)) {
    if (rests.isDue()) yield;
    setKey(fields, key, key === 'metadata' ? (metadata as Json) : (object as unknown as JsonObject)[key]!);
  }
  return fields;
}
