import { breathe, type CacheEntry, type Draft, isLarge, paced } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { type KubeObject, notFound, sameObject, sameObjectInSteps } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { admissionCallOf } from './admission-call.ts';
import { asIfStored } from './as-stored.ts';
import { type CommitOrder, commitObject } from './commit.ts';
import { unstoredEntry } from './create.ts';
import type { DraftWrite } from './draft-write.ts';
import { type Outcome, optimistically } from './optimistic.ts';
import { settle, validate } from './settle.ts';
import { takeSteps, updating } from './steps.ts';
import { weighed } from './weigh.ts';
import type { WriteCall, Written } from './write-call.ts';

export interface UpdateOrder {
  readonly call: WriteCall;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Makes the new object, with its defaults, from what is stored; asked again when somebody was faster. Returning undefined writes nothing. */
  next(base: KubeObject, entry: CacheEntry): Draft | undefined | Promise<Draft>;
  /** Set when a changed object means 409 instead of another attempt. */
  readonly onlyOnce?: boolean;
  /** The draft's owned fields are already tracked (apply). */
  readonly tracked?: boolean;
  /** A changed spec is no new generation (binding). */
  readonly keepsGeneration?: boolean | undefined;
}

/** Changes an object: all of it once more when somebody was faster. 404 where it is not there. */
export async function updateObject(engine: WriteEngine, order: UpdateOrder, ctx: Context): Promise<Written> {
  const { call, name } = order;
  const updated = await updateIfPresent(engine, order, ctx);
  if (!updated) throw notFound({ ...call.resource.subject, name });
  return updated;
}

/** The same, undefined where it is not there: what admission or a converter refuses with 404 is no sign of that. */
export function updateIfPresent(engine: WriteEngine, order: UpdateOrder, ctx: Context): Promise<Written | undefined> {
  const { call, namespace, name, onlyOnce } = order;
  const key = call.resource.key(namespace, name);
  const update = new Update(engine, order, key, ctx);
  const target = { resource: call.resource, key, name, onlyOnce };
  return optimistically(engine, target, (base) => update.attempt(base), ctx);
}

class Update {
  constructor(
    private readonly engine: WriteEngine,
    private readonly order: UpdateOrder,
    private readonly key: string,
    private readonly ctx: Context,
  ) {}

  async attempt(stored: CacheEntry): Promise<Outcome> {
    const view = this.engine.views.forWrite(this.order.call.resource, stored, this.ctx);
    const base = view instanceof Promise ? await view : view;
    const old = isLarge(base.bytes.length) ? await paced(base.read()) : base.object;
    const made = this.order.next(old, base);
    const draft = made instanceof Promise ? await made : made;
    // What is not made at once is large, however small the patch.
    const large = isLarge(base.bytes.length) || made instanceof Promise;
    const unchanged = { unchanged: { entry: base, created: false, removed: false } };
    if (!draft) return unchanged;
    const call = large ? { ...this.order.call, large } : weighed(this.order.call, draft);
    if (call.large) await breathe();
    const write = this.#write(call, draft, { old, base });
    await takeSteps(updating, write, this.ctx);
    const removed = isFinished(write.call, draft);
    if (removed || !(await this.#isSame(write, stored))) return this.#store(write, { base, removed });
    await validate(this.engine, write, this.ctx);
    return unchanged;
  }

  #write(call: WriteCall, draft: Draft, { old, base }: Pick<DraftWrite, 'base'> & { old: KubeObject }): DraftWrite {
    const { engine } = this;
    const { tracked, keepsGeneration = false } = this.order;
    return {
      engine,
      call,
      draft,
      old,
      base,
      admissionCall: admissionCallOf(call, 'update', { object: draft, old }),
      owned: tracked ? (draft.metadata.managedFields ?? []) : undefined,
      keepsGeneration,
      admissionChanged: false,
    };
  }

  /** What lies in an old version is written anew, which changes nothing but that. */
  async #isSame({ call, draft, old }: DraftWrite, stored: CacheEntry): Promise<boolean> {
    const same = call.large ? await paced(sameObjectInSteps(old!, draft)) : sameObject(old!, draft);
    return same && (call.dryRun || !call.resource.isOutdated(stored));
  }

  async #store(
    write: DraftWrite,
    { base, removed }: { readonly base: CacheEntry; readonly removed: boolean },
  ): Promise<Outcome> {
    const { call, draft, old, admissionCall } = write;
    if (call.dryRun) {
      await (removed ? validate : settle)(this.engine, write, this.ctx);
      const version = old!.metadata.resourceVersion;
      const shown = await asIfStored(this.engine, call, { key: this.key, object: draft }, this.ctx);
      const entry = await unstoredEntry(call, this.key, { object: shown, version });
      return { written: { entry, created: false, removed: false } };
    }
    const object = removed ? undefined : draft;
    return this.#commit({ call, key: this.key, revision: base.revision, object, admissionCall }, draft);
  }

  async #commit(order: CommitOrder, draft: Draft): Promise<Outcome> {
    const committed = await commitObject(this.engine, order, this.ctx);
    if (!committed.ok) return { present: committed.present };
    if (order.object) return { written: { entry: committed.entry, created: false, removed: false } };
    const version = this.engine.versions.format(committed.entry.revision);
    const entry = await unstoredEntry(order.call, this.key, { object: draft, version });
    return { written: { entry, created: false, removed: true } };
  }
}

/** Being deleted, and no finalizer is left. */
function isFinished(call: Pick<WriteCall, 'resource'>, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (!deletionTimestamp || (finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !call.resource.definition.isHeld?.(object);
}
