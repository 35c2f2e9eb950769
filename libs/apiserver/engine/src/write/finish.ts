import type { ResourceDefinition } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  atOnce,
  type FieldSet,
  fieldSetOfPaths,
  type KubeObject,
  type ManagedFieldsEntry,
  managedFieldsInSteps,
  type Steps,
  wireTime,
} from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Judge, Verdict } from '../large-body/judge.ts';
import { breathe, paced } from './pace.ts';
import { complete, type Judged, refusalOf, setGeneration, warningsOf } from './rules.ts';
import type { Draft, WriteCall } from './write-call.ts';

export interface Finishing {
  readonly call: WriteCall;
  readonly draft: Draft;
  readonly old: KubeObject | undefined;
  /** Where `old` comes from: in the same version. */
  readonly base?: CacheEntry | undefined;
  /** Who owns its fields, where that is already known (apply). */
  readonly owned?: readonly ManagedFieldsEntry[] | undefined;
  /** A changed spec is no new generation (binding). */
  readonly keepsGeneration?: boolean | undefined;
}

/**
 * Makes a draft what will be stored, and checks it: throws 422. The writer is told what there is to warn of. What is large is judged by
 * `judge`, where it takes it on, and finished in turns with others.
 */
export function finish(finishing: Finishing, judge: Judge, ctx: Context): Promise<void> | undefined {
  if (finishing.call.large) return finishLarge(finishing, judge, ctx);
  atOnce(finishInSteps(finishing, undefined, ctx));
  return undefined;
}

async function finishLarge(finishing: Finishing, judge: Judge, ctx: Context): Promise<void> {
  await breathe();
  const verdict = await judge.verdict(finishing, ctx);
  await paced(finishInSteps(finishing, verdict, ctx));
  await breathe();
}

function* finishInSteps(finishing: Finishing, verdict: Verdict | undefined, ctx: Context): Steps<void> {
  const { call, draft, old, owned, keepsGeneration = false } = finishing;
  const { definition } = call.resource;
  const context = { subresource: call.info.subresource, now: ctx.clock.now(), old };
  if (!verdict) {
    complete(definition, draft, context);
    setGeneration(definition, draft, { old, keeps: keepsGeneration });
    yield;
  }
  setManagedFields(draft, owned ?? (yield* managedFieldsInSteps({ old, next: draft, ...ownershipOf(call, ctx) })));
  yield;
  const judged: Judged = { definition, object: draft, context };
  const refusal = verdict ? verdict.refusal : yield* refusalOf(judged);
  if (refusal) throw refusal;
  // Not worth finding out where nobody listens.
  if (!call.warn) return;
  for (const text of verdict ? verdict.warnings : warningsOf(judged)) call.warn(text);
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

function pathsOfOthers(subresource: string, { statusSubresource, schema }: ResourceDefinition): string[][] {
  if (subresource === '') return statusSubresource ? [['f:status']] : [];
  if (subresource !== 'status') return [];
  const names = schema.type === 'struct' ? Object.keys(schema.fields) : [];
  const others = names.filter((name) => name !== 'status' && name !== 'metadata').map((name) => [`f:${name}`]);
  return [...others, ['f:metadata', 'f:ownerReferences'], ['f:metadata', 'f:deletionTimestamp']];
}
