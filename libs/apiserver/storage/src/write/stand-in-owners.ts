import type { StandIn } from '@kubernest/apiserver/contract';
import {
  apiVersionOf,
  type FieldSet,
  fieldSetOfPaths,
  intersectFields,
  isEmptyFieldSet,
  type ManagedFieldsEntry,
  type ManagerEntry,
  parseApiVersion,
  readManagers,
  subtractFields,
  writeManagers,
} from '@kubernest/meta';
import type { Resource } from '../catalog/resource.ts';
import type { Engine } from '../engine.ts';
import { isVersion } from './other-versions.ts';

type Entries = readonly ManagedFieldsEntry[] | undefined;

/** Where the field is that an object and what stands for it have in common. */
export interface SharedField {
  readonly standIn: Place;
  /** In the version in which it is written. */
  readonly object: Place;
  /** In another: 'none' where that has no such field, or is not served; undefined where there is no such version any more. */
  within(apiVersion: string): FieldSet | 'none' | undefined;
}

interface Place {
  readonly apiVersion: string;
  readonly field: FieldSet;
}

export function sharedField(engine: Engine, resource: Resource, { kind, field, fieldIn }: StandIn): SharedField {
  const { definition } = resource;
  return {
    standIn: { apiVersion: apiVersionOf(kind), field: fieldAt(field) },
    object: { apiVersion: apiVersionOf(definition), field: fieldAt(fieldIn(definition)!) },
    within(apiVersion) {
      const { group, version } = parseApiVersion(apiVersion);
      const there = engine.resources.find(group, version, definition.plural);
      if (!there && !isVersion(engine, resource, apiVersion)) return undefined;
      const path = there && fieldIn(there.definition);
      return path === undefined ? 'none' : fieldAt(path);
    },
  };
}

const fieldAt = (path: string): FieldSet =>
  fieldSetOfPaths([path.split('.').flatMap((step) => (step === '' ? [] : `f:${step}`))]);

const owns = ({ set }: ManagerEntry, field: FieldSet): boolean => !isEmptyFieldSet(intersectFields(set, field));

/** Those who own the field, as if what stands for the object were what they wrote. */
export function ownersOfStandIn(entries: Entries, { standIn, within }: SharedField): readonly ManagedFieldsEntry[] {
  const owners = new Map<string, ManagerEntry>();
  for (const [identity, entry] of readManagers(entries) ?? []) {
    const field = within(entry.apiVersion);
    if (field === undefined || field === 'none' || !owns(entry, field)) continue;
    owners.set(identity, { ...entry, apiVersion: standIn.apiVersion, set: standIn.field });
  }
  return writeManagers(owners);
}

/**
 * Who owns what of the object, once these own the field. compat: whoever owns it by an update, of the object itself too, gets an entry for just
 * that, without a time, beside what else is theirs.
 */
export function ownersOfObject(
  entries: Entries,
  ofStandIn: readonly ManagedFieldsEntry[],
  { standIn, object, within }: SharedField,
): readonly ManagedFieldsEntry[] {
  const before = readManagers(entries) ?? new Map<string, ManagerEntry>();
  const left = new Map(readManagers(ofStandIn));
  const owners = new Map<string, ManagerEntry>();
  for (const [identity, entry] of before) {
    const field = within(entry.apiVersion);
    if (field === undefined) continue;
    const keeps = field === 'none' || !owns(entry, field) || left.delete(identity);
    const set = keeps ? entry.set : subtractFields(entry.set, field);
    if (!isEmptyFieldSet(set)) owners.set(identity, { ...entry, set });
  }
  for (const [identity, entry] of left) {
    if (!owns(entry, standIn.field)) continue;
    owners.set(identity, {
      ...entry,
      apiVersion: object.apiVersion,
      time: before.get(identity)?.time,
      set: object.field,
    });
  }
  return writeManagers(owners);
}
