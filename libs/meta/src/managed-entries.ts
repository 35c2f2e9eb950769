import { emptyFieldSet, type FieldSet, fromFieldsV1, isEmptyFieldSet, toFieldsV1, unionFields } from './field-set.ts';
import type { KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';

/** Who owns what: one entry of `metadata.managedFields`, with its set read. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: WireTime | undefined;
  readonly set: FieldSet;
}

/** Managers by identity. An applier is the same one in every version; the time never tells managers apart. */
export type Managers = Map<string, ManagerEntry>;

export function managerIdentity(
  entry: Pick<ManagerEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>,
): string {
  const version = entry.operation === 'Apply' ? '' : entry.apiVersion;
  return JSON.stringify([entry.manager, entry.operation, version, entry.subresource]);
}

const parsed = new WeakMap<readonly ManagedFieldsEntry[], Managers>();

/** Undefined when any entry cannot be read. The result is shared for frozen entries: do not change it. */
export function readManagers(
  entries: readonly ManagedFieldsEntry[] | undefined,
): ReadonlyMap<string, ManagerEntry> | undefined {
  if (!Array.isArray(entries) || entries.length === 0) return new Map();
  const known = parsed.get(entries);
  if (known) return known;
  const managers: Managers = new Map();
  for (const entry of entries as readonly ManagedFieldsEntry[]) {
    const set = fromFieldsV1(entry.fieldsV1 ?? {});
    if (!set || (entry.operation !== 'Apply' && entry.operation !== 'Update')) return undefined;
    const read: ManagerEntry = {
      manager: entry.manager ?? '',
      operation: entry.operation,
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource ?? '',
      time: entry.time,
      set,
    };
    const identity = managerIdentity(read);
    const same = managers.get(identity);
    managers.set(identity, same ? { ...same, set: unionFields(same.set, set) } : read);
  }
  if (Object.isFrozen(entries)) parsed.set(entries, managers);
  return managers;
}

/** `[{}]`: the client asks to forget all managers. An empty list does not. */
export function asksForReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  return Array.isArray(entries) && entries.length === 1 && Object.keys(entries[0]).length === 0;
}

/**
 * The managers an update starts from: those the client sent back, else those of the stored object, so that a client that does not know
 * managed fields cannot lose them. A subresource's client has no say.
 */
export function startingManagers(
  old: KubeObject | undefined,
  next: KubeObject,
  subresource: string,
): ReadonlyMap<string, ManagerEntry> {
  const sent = subresource === '' ? next.metadata.managedFields : undefined;
  if (asksForReset(sent)) return new Map();
  const fromClient = sent === undefined || sent === old?.metadata.managedFields ? undefined : readManagers(sent);
  if (fromClient && fromClient.size > 0) return fromClient;
  return readManagers(old?.metadata.managedFields) ?? new Map();
}

const maxUpdateManagers = 10;
const ancient = 'ancient-changes';

/** Joins the oldest updates of one version once there are too many to keep apart. */
export function capManagers(managers: Managers): void {
  const updates = [...managers].filter(([, entry]) => entry.operation === 'Update');
  let excess = updates.length - maxUpdateManagers;
  if (excess <= 0) return;
  updates.sort(([, a], [, b]) => (a.time ?? '').localeCompare(b.time ?? ''));
  for (const [identity, entry] of updates) {
    if (excess <= 0) return;
    const bucket = { ...entry, manager: ancient };
    const bucketIdentity = managerIdentity(bucket);
    if (bucketIdentity === identity) continue;
    const joined = managers.get(bucketIdentity);
    managers.delete(identity);
    managers.set(bucketIdentity, { ...bucket, set: unionFields(joined?.set ?? emptyFieldSet, entry.set) });
    if (joined) excess--;
  }
}

/** The entries in the wire's order: appliers first, then by time, then by name. Managers that own nothing are left out. */
export function writeManagers(managers: ReadonlyMap<string, ManagerEntry>): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter((entry) => !isEmptyFieldSet(entry.set))
    .sort(inWireOrder)
    .map(writeEntry);
}

const written = new WeakMap<FieldSet, ManagedFieldsEntry['fieldsV1']>();

function writeEntry(entry: ManagerEntry): ManagedFieldsEntry {
  let fieldsV1 = written.get(entry.set);
  if (!fieldsV1) {
    fieldsV1 = toFieldsV1(entry.set);
    written.set(entry.set, fieldsV1);
  }
  return {
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
  };
}

function inWireOrder(a: ManagerEntry, b: ManagerEntry): number {
  return (
    order(a.operation, b.operation) ||
    order(a.time ?? '', b.time ?? '') ||
    order(a.manager, b.manager) ||
    order(a.apiVersion, b.apiVersion) ||
    order(a.subresource, b.subresource)
  );
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
