import { breathe, CacheEntry, type Draft, generateName, isLarge, paced } from '@kubernest/apiserver/codec';
import { mustBeAllowed } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { alreadyExists, type KubeObject, type ManagedFieldsEntry } from '@kubernest/meta';
import { cacheOf, type Engine, type WriteEngine } from '../engine.ts';
import { admissionCallOf } from './admission-call.ts';
import { asIfStored } from './as-stored.ts';
import { commitObject, orderedBytes } from './commit.ts';
import type { DraftWrite } from './draft-write.ts';
import { withDroppedStatus } from './dropped-status.ts';
import { settle } from './settle.ts';
import { creating, takeSteps } from './steps.ts';
import { mustTakeNew } from './takes-new.ts';
import { weighed } from './weigh.ts';
import type { WriteCall, Written } from './write-call.ts';

const GENERATE_ATTEMPTS = 8;

export interface CreateOrder {
  readonly call: WriteCall;
  /** The caller's own copy, with its defaults; it is changed. */
  readonly draft: Draft;
  /** Who owns its fields, where that is already known (apply). */
  readonly owned?: readonly ManagedFieldsEntry[] | undefined;
}

/** Creates an object, for whoever may, whichever verb led here. */
export async function createObject(
  engine: WriteEngine,
  { call: asSent, draft, owned }: CreateOrder,
  ctx: Context,
): Promise<Written> {
  const call = weighed(asSent, draft);
  // compat: Kubernetes asks after mutating admission; plugins do not see what is not allowed.
  if (!call.mayCreate) await mustBeAllowed(call.user, { ...call.info, verb: 'create' }, engine.authorize, ctx);
  mustTakeNew(engine, call, call.info.name ?? draft.metadata.name);
  // compat: a name that the caller chose is the caller's, even beside `generateName`: taken is taken.
  const attempts = draft.metadata.name ? 1 : GENERATE_ATTEMPTS;
  if (call.large) await breathe();
  const admissionCall = admissionCallOf(call, 'create', { object: draft, old: undefined });
  const write: DraftWrite = {
    engine,
    call,
    draft,
    old: undefined,
    base: undefined,
    admissionCall,
    owned,
    keepsGeneration: false,
    admissionChanged: false,
  };
  await takeSteps(creating, write, ctx);
  return storeNew(write, attempts, ctx);
}

/** `attempts`: how many names may be tried. */
async function storeNew(write: DraftWrite, attempts: number, ctx: Context): Promise<Written> {
  const { engine, call, draft, admissionCall } = write;
  for (let attempt = 1; ; attempt++) {
    const { namespace, name } = draft.metadata;
    const key = call.resource.key(namespace, name!);
    if (call.dryRun) {
      await settle(engine, write, ctx);
      const { entry } = await engine.store.get(key, ctx);
      if (!entry) {
        const shown = await asIfStored(engine, call, { key, object: await withDroppedStatus(call, draft) }, ctx);
        return { entry: await unstoredEntry(call, key, { object: shown }), created: true, removed: false };
      }
    } else {
      const committed = await commitObject(engine, { call, key, revision: 0, object: draft, admissionCall }, ctx);
      if (committed.ok) return { entry: committed.entry, created: true, removed: false };
    }
    if (attempt >= attempts || !draft.metadata.generateName) throw await taken(engine, call, draft);
    draft.metadata.name = generateName(draft.metadata.generateName);
  }
}

/** compat: an object that is on its way out still has its name, and the answer says so. */
async function taken(engine: Engine, call: WriteCall, draft: KubeObject): Promise<Error> {
  const { namespace, name } = draft.metadata;
  const present = cacheOf(engine, call.resource).get(call.resource.key(namespace, name!));
  const error = alreadyExists({ ...call.resource.subject, name });
  if (present && isLarge(present.bytes.length)) await paced(present.read());
  if (present?.object.metadata.deletionTimestamp) error.message = `object is being deleted: ${error.message}`;
  return error;
}

/** The answer of a dry run: an object that is nowhere. */
export async function unstoredEntry(
  call: WriteCall,
  key: string,
  { object, version }: { readonly object: KubeObject; readonly version?: string | undefined },
): Promise<CacheEntry> {
  const bytes = await orderedBytes(call, object, version as string);
  return new CacheEntry({
    key,
    revision: 0,
    bytes,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name ?? '',
  });
}
