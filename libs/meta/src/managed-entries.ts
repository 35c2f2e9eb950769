import { type FieldSet, fieldsV1InSteps, isEmptyFieldSet, readFieldsV1InSteps, unionOfFields } from './field-set.ts';
import type { KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';
import { atOnce, type Steps } from './steps.ts';
import { freezeInSteps } from './value-in-steps.ts';

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
  const { manager, operation, apiVersion, subresource } = entry;
  // Written as Go writes it, as conflicts and the oldest managers are told in the order of these texts.
  return JSON.stringify({
    manager: manager || undefined,
    operation,
    apiVersion: operation === 'Apply' ? undefined : apiVersion,
    subresource: subresource || undefined,
  });
}

/** Of frozen entries, which stay as they were read or written. */
const parsed = new WeakMap<readonly ManagedFieldsEntry[], Managers>();

/** Undefined when any entry cannot be read. The result is shared for frozen entries: do not change it. */
export const readManagers = (
  entries: readonly ManagedFieldsEntry[] | undefined,
): ReadonlyMap<string, ManagerEntry> | undefined => atOnce(readManagersInSteps(entries));

/** The same in short steps. */
function* readManagersInSteps(
  entries: readonly ManagedFieldsEntry[] | undefined,
): Steps<ReadonlyMap<string, ManagerEntry> | undefined> {
  if (!Array.isArray(entries) || entries.length === 0) return new Map();
  const known = parsed.get(entries);
  if (known) return known;
  const managers: Managers = new Map();
  for (const entry of entries as readonly ManagedFieldsEntry[]) {
    const set = yield* readFieldsV1InSteps(entry.fieldsV1 ?? {});
    if (!set || (entry.operation !== 'Apply' && entry.operation !== 'Update')) return undefined;
    if (!entry.apiVersion || entry.fieldsType !== 'FieldsV1') return undefined;
    const read: ManagerEntry = {
      manager: entry.manager ?? '',
      operation: entry.operation,
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource ?? '',
      time: entry.time,
      set,
    };
    managers.set(managerIdentity(read), read);
  }
  if (Object.isFrozen(entries)) parsed.set(entries, managers);
  return managers;
}

/** `[{}]` or `[]`: the client asks to forget all managers. */
export function asksForReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (!Array.isArray(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] as object).length === 0);
}

/**
 * The managers an update starts from: those the client sent back, else those of the stored object, so that a client that does not know
 * managed fields cannot lose them. A subresource's client has no say.
 */
export function* startingManagers(
  old: KubeObject | undefined,
  next: KubeObject,
  subresource: string,
): Steps<ReadonlyMap<string, ManagerEntry>> {
  const sent = subresource === '' ? next.metadata.managedFields : undefined;
  if (asksForReset(sent)) return new Map();
  const fromClient =
    sent === undefined || sent === old?.metadata.managedFields ? undefined : yield* readManagersInSteps(sent);
  if (fromClient && fromClient.size > 0) return fromClient;
  return (yield* readManagersInSteps(old?.metadata.managedFields)) ?? new Map();
}

const maxUpdateManagers = 10;
const ancient = 'ancient-changes';

/** Joins the oldest updates of one version once there are too many to keep apart. */
export function capManagers(managers: Managers): void {
  if (managers.size <= maxUpdateManagers) return;
  const updates = [...managers].filter(([, entry]) => entry.operation === 'Update');
  let excess = updates.length - maxUpdateManagers;
  if (excess <= 0) return;
  updates.sort(([idA, a], [idB, b]) => order(a.time ?? '', b.time ?? '') || order(idA, idB));
  const joined = new Map<string, [string, ManagerEntry][]>();
  for (const one of updates) {
    if (excess <= 0) break;
    const same = joined.get(one[1].apiVersion);
    if (same) excess--;
    else joined.set(one[1].apiVersion, [one]);
    same?.push(one);
  }
  for (const same of joined.values()) {
    if (same.length < 2) continue;
    const latest = same.at(-1)![1];
    const bucket = { ...latest, manager: ancient, subresource: '' };
    for (const [identity] of same) managers.delete(identity);
    const identity = managerIdentity(bucket);
    const sets = [managers.get(identity), ...same.map(([, entry]) => entry)].flatMap((entry) => entry?.set ?? []);
    managers.set(identity, { ...bucket, set: unionOfFields(sets) });
  }
}

/** The entries in the wire's order, frozen: appliers first, then by time, then by name. Managers that own nothing are left out. */
export function writeManagers(managers: ReadonlyMap<string, ManagerEntry>): ManagedFieldsEntry[] {
  return atOnce(writeManagersInSteps(managers));
}

/** The same in short steps. */
export function* writeManagersInSteps(managers: ReadonlyMap<string, ManagerEntry>): Steps<ManagedFieldsEntry[]> {
  const filled = [...managers.values()].filter((entry) => !isEmptyFieldSet(entry.set)).sort(inWireOrder);
  const entries: ManagedFieldsEntry[] = [];
  for (const entry of filled) entries.push(yield* writeEntry(entry));
  yield* freezeInSteps(entries);
  parsed.set(entries, new Map(filled.map((entry) => [managerIdentity(entry), entry])));
  return entries;
}

const written = new WeakMap<FieldSet, ManagedFieldsEntry['fieldsV1']>();

function* writeEntry(entry: ManagerEntry): Steps<ManagedFieldsEntry> {
  let fieldsV1 = written.get(entry.set);
  if (!fieldsV1) {
    fieldsV1 = yield* fieldsV1InSteps(entry.set);
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
