import { type Draft, paced } from '@kubernest/apiserver/codec';
import { checkPreconditions } from '@kubernest/apiserver/contract';
import { writersMetadata } from '@kubernest/definitions';
import {
  clone,
  cloneInSteps,
  type FieldError,
  fieldInvalid,
  invalid,
  type KubeObject,
  type ObjectMeta,
} from '@kubernest/meta';
import type { WriteCall } from './write-call.ts';

/** What somebody wishes to make of what is stored. */
export interface Change {
  readonly call: WriteCall;
  readonly draft: Draft;
  /** Frozen. */
  readonly old: KubeObject;
}

/** What the writer says of the version it has seen must be so. Throws 409; 422 where the kind demands a resource version. compat: a patch names no object by its uid. */
export function checkVersion({ call, draft, old }: Change): void {
  const { definition, subject } = call.resource;
  const name = old.metadata.name;
  const { resourceVersion: seen } = draft.metadata;
  const uid = call.info.verb === 'patch' ? undefined : draft.metadata.uid;
  const resourceVersion = seen === '0' ? undefined : seen;
  checkPreconditions({ ...subject, name }, { uid, resourceVersion }, old.metadata);
  if (!resourceVersion && definition.allowUnconditionalUpdate === false && call.info.verb === 'update') {
    // compat: the resource stands where its kind would.
    throw invalid({ group: definition.group, kind: definition.plural, name: name ?? '' }, [
      fieldInvalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
}

/** compat: what else is the server's is passed over, but these are refused; nothing a writer of a custom object's status says of metadata is looked at. */
export function checkNothingImmutable({ call, draft: { metadata }, old }: Change): void {
  const { definition } = call.resource;
  if (call.info.subresource === 'status' && definition.customSchema) return;
  const { deletionTimestamp, deletionGracePeriodSeconds, name = '' } = old.metadata;
  const faults: FieldError[] = [];
  const refuse = (field: string, value: unknown) =>
    faults.push(fieldInvalid(`metadata.${field}`, value, 'field is immutable'));
  if (metadata.uid && metadata.uid !== old.metadata.uid) refuse('uid', metadata.uid);
  if (call.part?.leavesMetadata) return refuseAll();
  if (metadata.deletionTimestamp && !deletionTimestamp) refuse('deletionTimestamp', metadata.deletionTimestamp);
  const seconds = metadata.deletionGracePeriodSeconds;
  if (seconds !== undefined && seconds !== deletionGracePeriodSeconds) refuse('deletionGracePeriodSeconds', seconds);
  refuseAll();

  function refuseAll(): void {
    if (faults.length > 0) throw invalid({ group: definition.group, kind: definition.kind, name }, faults);
  }
}

const SERVER_OWNED = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'generateName',
  'selfLink',
] as const satisfies readonly (keyof ObjectMeta)[];

/** What of the stored object a write leaves as it is, beside its metadata. */
function notTheirs({ info, resource }: WriteCall, old: KubeObject): Partial<Draft> {
  if (info.subresource === 'status') return { ...old, status: undefined };
  if (info.subresource !== '' || !resource.definition.statusSubresource) return {};
  return { status: (old as Draft).status };
}

/** Puts back what this write has no say in: server-owned metadata, and what belongs to another subresource. */
export function keepWhatIsNotTheirs(change: Change): void | Promise<void> {
  const { call, old } = change;
  const kept = notTheirs(call, old);
  if (!call.large) return putBack(change, clone(kept));
  return paced(cloneInSteps(kept)).then((copy) => putBack(change, copy));
}

/** `kept` is a copy. */
function putBack({ call, draft, old }: Change, kept: Partial<Draft>): void {
  const { definition } = call.resource;
  if (call.info.subresource === 'status') {
    const { status, metadata } = draft;
    for (const key of Object.keys(draft)) delete (draft as unknown as Record<string, unknown>)[key];
    Object.assign(draft, kept);
    if (status !== undefined) draft.status = status;
    for (const field of writersMetadata) {
      if (definition.statusKeeps?.includes(field)) continue;
      const value = metadata[field];
      if (value === undefined) delete draft.metadata[field];
      else Object.assign(draft.metadata, { [field]: value });
    }
    if (metadata.managedFields) draft.metadata.managedFields = metadata.managedFields;
    return;
  }
  const meta = draft.metadata as Record<string, unknown>;
  for (const field of SERVER_OWNED) {
    if (old.metadata[field] === undefined) delete meta[field];
    else meta[field] = old.metadata[field];
  }
  // compat: leaving managed fields out of an update keeps them; resetting takes an explicit empty entry.
  draft.metadata.managedFields ??= old.metadata.managedFields;
  draft.kind = definition.kind;
  draft.apiVersion = call.resource.apiVersion;
  if (call.info.subresource !== '' || !definition.statusSubresource) return;
  if (kept.status === undefined) delete draft.status;
  else draft.status = kept.status;
}

/** compat: who writes a part owns what they say of the rest as well, though it stays as it was. */
export function keepOtherParts({ call: { part }, draft, old }: Change, now: Date): void {
  if (!part) return;
  part.prepare(draft, old, now);
  if (!part.leavesMetadata) return;
  const metadata = draft.metadata as Record<string, unknown>;
  for (const field of writersMetadata) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = clone(old.metadata[field]);
  }
}
