import type { ResourceDefinition } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  applyDefaults,
  checkSchema,
  emptyFieldSet,
  type FieldError,
  type FieldSet,
  fieldSetOfPaths,
  invalid,
  type Json,
  type KubeObject,
  type ManagedFieldsEntry,
  managedFieldsInSteps,
  type Steps,
  specChanged,
  wireTime,
} from '@kubernest/meta';
import { MOST_FAULTS, validateMeta, validateMetaUpdate } from './object-meta.ts';
import { inTurns } from './pace.ts';
import type { Draft, WriteCall } from './write-call.ts';

export interface Finishing {
  readonly call: WriteCall;
  readonly draft: Draft;
  readonly old: KubeObject | undefined;
  /** Who owns its fields, where that is already known (apply). */
  readonly owned?: readonly ManagedFieldsEntry[] | undefined;
  /** A changed spec is no new generation (binding). */
  readonly keepsGeneration?: boolean | undefined;
}

/** Makes a draft what will be stored, and checks it: throws 422. The writer is told what there is to warn of. */
export function finish(finishing: Finishing, ctx: Context): Promise<void> | undefined {
  return inTurns(finishing.call, finishInSteps(finishing, ctx));
}

function* finishInSteps({ call, draft, old, owned, keepsGeneration }: Finishing, ctx: Context): Steps<void> {
  setDefaults(call, draft);
  setGeneration(draft, old, call.resource.definition.tracksGeneration === true && !(old && keepsGeneration));
  yield;
  setManagedFields(draft, owned ?? (yield* managedFieldsInSteps({ old, next: draft, ...ownershipOf(call, ctx) })));
  yield;
  yield* validateObject(call, draft, old, ctx);
  tellWarnings(call, draft, old, ctx);
}

/** Fills in what the kind's definition says is there when nobody says otherwise. */
function setDefaults(call: WriteCall, draft: Draft): void {
  const { definition } = call.resource;
  applyDefaults(definition.schema, draft as unknown as Json);
  definition.defaults?.(draft);
}

function setGeneration(draft: Draft, old: KubeObject | undefined, tracked: boolean): void {
  const before = old ? old.metadata.generation : 0;
  if (tracked && (!old || specChanged(old, draft))) draft.metadata.generation = (before ?? 0) + 1;
  else if (old && before !== undefined) draft.metadata.generation = before;
  else delete draft.metadata.generation;
}

function setManagedFields(draft: Draft, entries: readonly ManagedFieldsEntry[]): void {
  if (entries.length > 0) draft.metadata.managedFields = entries;
  else delete draft.metadata.managedFields;
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

const status = fieldSetOfPaths([['f:status']]);
const beyondStatus = new WeakMap<ResourceDefinition, FieldSet>();

/** What a write through this subresource leaves as it is, and so never owns. */
function fieldsOfOthers(subresource: string, definition: ResourceDefinition): FieldSet {
  if (subresource === '') return definition.statusSubresource ? status : emptyFieldSet;
  if (subresource !== 'status') return emptyFieldSet;
  let fields = beyondStatus.get(definition);
  if (!fields) {
    const names = definition.schema.type === 'struct' ? Object.keys(definition.schema.fields) : [];
    const others = names.filter((name) => name !== 'status' && name !== 'metadata').map((name) => [`f:${name}`]);
    fields = fieldSetOfPaths([...others, ['f:metadata', 'f:ownerReferences'], ['f:metadata', 'f:deletionTimestamp']]);
    beyondStatus.set(definition, fields);
  }
  return fields;
}

/** Throws 422 with the faults of the object, and of the change when there was one before. */
function* validateObject(call: WriteCall, object: KubeObject, old: KubeObject | undefined, ctx: Context): Steps<void> {
  const { definition } = call.resource;
  const faults: FieldError[] = [];
  for (const found of validations(call, object, old, ctx)) {
    for (const fault of found) faults.push(fault);
    if (faults.length >= MOST_FAULTS) break;
    yield;
  }
  if (faults.length === 0) return;
  const { group, kind } = definition;
  throw invalid({ group, kind, name: object.metadata.name ?? '' }, unique(faults.slice(0, MOST_FAULTS)));
}

/** Rule by rule what is wrong. */
function* validations(
  call: WriteCall,
  object: KubeObject,
  old: KubeObject | undefined,
  ctx: Context,
): Generator<readonly FieldError[]> {
  const { definition } = call.resource;
  const context = { subresource: call.info.subresource, now: ctx.clock.now(), old };
  yield* validateMeta(definition, object.metadata);
  if (definition.validatedBySchema) yield checkSchema(definition.schema, object as unknown as Json);
  yield definition.validate?.(object, context) ?? [];
  if (!old) return;
  yield validateMetaUpdate(object, old);
  yield definition.validateUpdate?.(object, old, context) ?? [];
}

/** What the kind has to say of an object that is fine; not worth finding out where nobody listens. */
function tellWarnings(call: WriteCall, object: KubeObject, old: KubeObject | undefined, ctx: Context): void {
  if (!call.warn) return;
  const context = { subresource: call.info.subresource, now: ctx.clock.now(), old };
  for (const text of call.resource.definition.warnings?.(object, context) ?? []) call.warn(text);
}

/** The schema and a kind's own rule may both miss the same field. */
function unique(faults: readonly FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const key = fault.type === 'FieldValueRequired' ? `${fault.type} ${fault.field}` : JSON.stringify(fault);
    return !seen.has(key) && seen.add(key);
  });
}
