import type { ResourceDefinition } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  clone,
  cloneInSteps,
  conflict,
  type FieldError,
  fieldInvalid,
  invalid,
  type KubeObject,
  notFound,
  type ObjectMeta,
  sameObject,
  sameObjectInSteps,
  staleObject,
} from '@kubernest/meta';
import type { Entry } from '@kubernest/store/contract';
import type { CacheEntry } from '../cache/cache-entry.ts';
import { toCacheEntry } from '../cache/watch-cache.ts';
import type { AdmissionCall } from '../contract/index.ts';
import { cacheOf, type Engine } from '../engine.ts';
import type { AdmissionChain } from './admission-chain.ts';
import { type CommitOrder, commitObject } from './commit.ts';
import { admissionOf, unstoredEntry } from './create.ts';
import { finish } from './finish.ts';
import { dropRepeatedOwners } from './owner-references.ts';
import { breathe, isLarge, paced } from './pace.ts';
import { checkPreconditions } from './preconditions.ts';
import type { Draft, WriteCall, Written } from './write-call.ts';

const ATTEMPTS = 100;

export interface UpdateOrder {
  readonly call: WriteCall;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Makes the new object from what is stored; asked again when somebody was faster. Returning undefined writes nothing. */
  next(base: KubeObject, entry: CacheEntry): Draft | undefined | Promise<Draft>;
  /** Set when a changed object means 409 instead of another attempt. */
  readonly onlyOnce?: boolean;
  /** The draft's owned fields are already tracked (apply). */
  readonly tracked?: boolean;
  /** A changed spec is no new generation (binding). */
  readonly keepsGeneration?: boolean | undefined;
}

/**
 * Changes an object. Begins with what the cache has, which may be behind: a refusal, and the finding that nothing changes, count only
 * once the store has confirmed that it was the newest; a write is checked by the store itself.
 */
export async function updateObject(
  engine: Engine,
  admission: AdmissionChain,
  order: UpdateOrder,
  ctx: Context,
): Promise<Written> {
  const { call, name } = order;
  const key = call.resource.key(order.namespace, name);
  const update = new Update(engine, admission, order, key, ctx);
  let base = cacheOf(engine, call.resource).get(key);
  let confirmed = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = base
      ? await update.attempt(base).catch((error: unknown) => ({ error }))
      : { error: notFound({ ...call.resource.subject, name }) };
    if ('written' in outcome) return outcome.written;
    if ('present' in outcome) {
      base = outcome.present && toCacheEntry(outcome.present, engine.versions);
      confirmed = true;
      if (order.onlyOnce && base) throw staleObject({ ...call.resource.subject, name });
      continue;
    }
    const settled = 'unchanged' in outcome ? outcome.unchanged : outcome.error;
    if (!confirmed) {
      const { entry } = await engine.store.get(key, ctx);
      confirmed = true;
      if (entry?.revision !== base?.revision) {
        base = entry && toCacheEntry(entry, engine.versions);
        continue;
      }
    }
    if ('unchanged' in outcome) return outcome.unchanged;
    throw settled;
  }
  throw conflict(
    { ...call.resource.subject, name },
    'the object kept changing; please apply your changes to the latest version and try again',
  );
}

type Outcome =
  | { readonly written: Written }
  | { readonly unchanged: Written }
  | { readonly present: Entry | undefined };

class Update {
  constructor(
    private readonly engine: Engine,
    private readonly admission: AdmissionChain,
    private readonly order: UpdateOrder,
    private readonly key: string,
    private readonly ctx: Context,
  ) {}

  async attempt(stored: CacheEntry): Promise<Outcome> {
    const view = this.engine.views.one(this.order.call.resource, stored, this.ctx);
    const base = view instanceof Promise ? await view : view;
    const old = isLarge(base.bytes.length) ? await paced(base.read()) : base.object;
    const made = this.order.next(old, base);
    const draft = made instanceof Promise ? await made : made;
    // What is not made at once is large, however small the patch.
    const large = isLarge(base.bytes.length) || made instanceof Promise;
    const call = large ? { ...this.order.call, large } : this.order.call;
    if (call.large) await breathe();
    const unchanged = { unchanged: { entry: base, created: false, removed: false } };
    if (!draft) return unchanged;
    checkVersion(call, draft, old);
    checkNothingImmutable(call, draft, old);
    const kept = notTheirs(call, old);
    keepWhatIsNotTheirs(call, draft, old, call.large ? await paced(cloneInSteps(kept)) : clone(kept));
    const admissionCall: AdmissionCall = { ...admissionOf(call, 'update'), object: draft, old };
    // compat: of a patch it is told only after admission.
    if (call.info.verb === 'update') dropRepeatedOwners(call, draft, false);
    await this.admission.mutate(admissionCall, this.ctx);
    dropRepeatedOwners(call, draft, true);
    const { tracked, keepsGeneration } = this.order;
    const owned = tracked ? (draft.metadata.managedFields ?? []) : undefined;
    const finishing = finish({ call, draft, old, base, owned, keepsGeneration }, this.engine.judge, this.ctx);
    if (finishing) await finishing;
    await this.admission.validate(admissionCall, this.ctx);
    const removed = isFinished(call, draft);
    const same = !removed && (call.large ? await paced(sameObjectInSteps(old, draft)) : sameObject(old, draft));
    // What lies in an old version is written anew, which changes nothing but that.
    if (same && (call.dryRun || !call.resource.isOutdated(stored))) return unchanged;
    if (call.dryRun) {
      if (!removed) await this.admission.joins(admissionCall, this.ctx);
      return {
        written: {
          entry: await unstoredEntry(call, this.key, { object: draft, version: old.metadata.resourceVersion }),
          created: false,
          removed: false,
        },
      };
    }
    const object = removed ? undefined : draft;
    return this.#commit({ call, key: this.key, revision: base.revision, object, admission: admissionCall }, draft);
  }

  async #commit(order: CommitOrder, draft: Draft): Promise<Outcome> {
    const committed = await commitObject(this.engine, this.admission, order, this.ctx);
    if (!committed.ok) return { present: committed.present };
    if (order.object) return { written: { entry: committed.entry, created: false, removed: false } };
    const version = this.engine.versions.format(committed.entry.revision);
    return {
      written: {
        entry: await unstoredEntry(order.call, this.key, { object: draft, version }),
        created: false,
        removed: true,
      },
    };
  }
}

function checkVersion(call: WriteCall, draft: Draft, old: KubeObject): void {
  const { definition, subject } = call.resource;
  const name = old.metadata.name;
  const { uid, resourceVersion: seen } = draft.metadata;
  const resourceVersion = seen === '0' ? undefined : seen;
  checkPreconditions({ ...subject, name }, { uid, resourceVersion }, old.metadata);
  if (!resourceVersion && definition.unconditionalUpdate === false && call.info.verb === 'update') {
    throw invalid({ group: definition.group, kind: definition.kind, name: name ?? '' }, [
      fieldInvalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
}

/** compat: what else is the server's is passed over, but these are refused. */
function checkNothingImmutable({ resource: { definition } }: WriteCall, { metadata }: Draft, old: KubeObject): void {
  const { deletionTimestamp, deletionGracePeriodSeconds, name = '' } = old.metadata;
  const faults: FieldError[] = [];
  const refuse = (field: string, value: unknown) =>
    faults.push(fieldInvalid(`metadata.${field}`, value, 'field is immutable'));
  if (metadata.deletionTimestamp && !deletionTimestamp) refuse('deletionTimestamp', metadata.deletionTimestamp);
  const seconds = metadata.deletionGracePeriodSeconds;
  if (seconds !== undefined && seconds !== deletionGracePeriodSeconds) refuse('deletionGracePeriodSeconds', seconds);
  if (faults.length > 0) throw invalid({ group: definition.group, kind: definition.kind, name }, faults);
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

/** What a write of the status may say of the object besides, but for what its kind keeps from it. */
const ALSO_WITH_STATUS = [
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
] as const satisfies readonly NonNullable<ResourceDefinition['statusKeeps']>[number][];

/** What of the stored object a write leaves as it is, beside its metadata. */
function notTheirs({ info, resource }: WriteCall, old: KubeObject): Partial<Draft> {
  if (info.subresource === 'status') return { ...old, status: undefined };
  if (info.subresource !== '' || !resource.definition.statusSubresource) return {};
  return { status: (old as Draft).status };
}

/** Puts back what this write has no say in: server-owned metadata, and what belongs to another subresource (`kept`, a copy). */
function keepWhatIsNotTheirs(call: WriteCall, draft: Draft, old: KubeObject, kept: Partial<Draft>): void {
  const { definition } = call.resource;
  if (call.info.subresource === 'status') {
    const { status, metadata } = draft;
    for (const key of Object.keys(draft)) delete (draft as unknown as Record<string, unknown>)[key];
    Object.assign(draft, kept);
    if (status !== undefined) draft.status = status;
    for (const field of ALSO_WITH_STATUS) {
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
  draft.metadata.managedFields ??= clone(old.metadata.managedFields);
  draft.kind = definition.kind;
  draft.apiVersion = call.resource.apiVersion;
  if (call.info.subresource !== '' || !definition.statusSubresource) return;
  if (kept.status === undefined) delete draft.status;
  else draft.status = kept.status;
}

/** Being deleted, and nothing holds it any more. */
export function isFinished(call: Pick<WriteCall, 'resource'>, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !call.resource.definition.isHeld?.(object);
}
