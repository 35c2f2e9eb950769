import { type Draft, paced } from '@kubernest/apiserver/codec';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import {
  atOnce,
  type FieldSet,
  fieldSetOfPaths,
  type ManagedFieldsEntry,
  managedFieldsInSteps,
  readManagers,
  wireTime,
} from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import { changesElsewhere, isVersion, otherVersions } from './other-versions.ts';
import type { WriteCall } from './write-call.ts';

/** Says who owns which field by this write. Before admission, so that nobody owns what it adds. */
export function recordOwners(write: DraftWrite, ctx: Context): void | Promise<void> {
  const { call, draft, old, owned, engine } = write;
  if (owned) return setOwners(write, owned);
  const how = ownershipOf(call, ctx);
  if (old && otherVersions(draft.metadata.managedFields, call.resource).length > 0)
    return changesElsewhere(engine, call.resource, { ...how, old, next: draft }, ctx)
      .then((elsewhere) => paced(managedFieldsInSteps({ ...how, old, next: draft, elsewhere })))
      .then((entries) => setOwners(write, entries));
  const steps = managedFieldsInSteps({ old, next: draft, ...how });
  if (!call.large) return setOwners(write, atOnce(steps));
  return paced(steps).then((entries) => setOwners(write, entries));
}

/** compat: in a version that there is not, or no more, nobody owns anything. */
function setOwners({ engine, call, draft }: DraftWrite, entries: readonly ManagedFieldsEntry[]): void {
  const isThere = ({ apiVersion = '' }: ManagedFieldsEntry) => isVersion(engine, call.resource, apiVersion);
  setManagedFields(draft, entries.every(isThere) ? entries : entries.filter(isThere));
}

function setManagedFields(draft: Draft, entries: readonly ManagedFieldsEntry[]): void {
  if (entries.length > 0) draft.metadata.managedFields = entries;
  else delete draft.metadata.managedFields;
}

/** compat: the sentence of Kubernetes. */
const broken =
  '.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests';

/** What admission made of the record of owners counts only if it can be read. */
export function putBackOwners({ call, draft }: DraftWrite, recorded: readonly ManagedFieldsEntry[] | undefined): void {
  const { managedFields } = draft.metadata;
  if (managedFields === recorded || readManagers(managedFields)) return;
  setManagedFields(draft, recorded ?? []);
  call.warn?.(broken);
}

/** By whom, through what and when fields are written, and which of them this write cannot own. */
export function ownershipOf(call: WriteCall, ctx: Context) {
  const { definition, apiVersion } = call.resource;
  const { subresource } = call.info;
  return {
    manager: call.fieldManager,
    apiVersion,
    subresource,
    time: wireTime(ctx.clock.now()),
    schema: definition.schema,
    large: call.large,
    ignore: fieldsOfOthers(subresource, definition),
  };
}

/** Made once for each kind and subresource. */
const othersFields = new WeakMap<ResourceDefinition, Map<string, FieldSet>>();

/** What a write through this subresource leaves as it is, and so never owns. */
function fieldsOfOthers(subresource: string, definition: ResourceDefinition): FieldSet {
  const known = othersFields.get(definition) ?? new Map<string, FieldSet>();
  othersFields.set(definition, known);
  let fields = known.get(subresource);
  if (!fields) {
    const own = (definition.neverOwned?.[subresource] ?? []).map((path) => path.map((name) => `f:${name}`));
    fields = fieldSetOfPaths([...pathsOfOthers(subresource, definition), ...own]);
    known.set(subresource, fields);
  }
  return fields;
}

function pathsOfOthers(
  subresource: string,
  { statusSubresource, statusKeeps = [], schema }: ResourceDefinition,
): string[][] {
  if (subresource === '') return statusSubresource ? [['f:status']] : [];
  if (subresource !== 'status') return [];
  const names = schema.type === 'struct' ? Object.keys(schema.fields) : [];
  const others = names.filter((name) => name !== 'status' && name !== 'metadata').map((name) => [`f:${name}`]);
  return [...others, ...['deletionTimestamp', ...statusKeeps].map((field) => ['f:metadata', `f:${field}`])];
}
