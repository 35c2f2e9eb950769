import { randomUUID } from 'node:crypto';
import type { Context } from '@kubernest/kit';
import {
  alreadyExists,
  badRequest,
  fieldRequired,
  invalid,
  type KubeObject,
  type ManagedFieldsEntry,
  wireTime,
} from '@kubernest/meta';
import { CacheEntry } from '../cache/cache-entry.ts';
import type { AdmissionCall } from '../contract/index.ts';
import { cacheOf, type Engine } from '../engine.ts';
import { mustBeAllowed } from '../stages/authorize.ts';
import type { AdmissionChain } from './admission-chain.ts';
import { commitObject, orderedBytes } from './commit.ts';
import { finish } from './finish.ts';
import { generateName } from './object-meta.ts';
import { dropRepeatedOwners } from './owner-references.ts';
import { breathe, isLarge, isWide, paced } from './pace.ts';
import type { Draft, WriteCall, Written } from './write-call.ts';

const GENERATE_ATTEMPTS = 8;

export interface CreateOrder {
  readonly call: WriteCall;
  /** The caller's own copy; it is changed. */
  readonly draft: Draft;
  /** Who owns its fields, where that is already known (apply). */
  readonly owned?: readonly ManagedFieldsEntry[] | undefined;
}

/** Creates an object, for whoever may, whichever verb led here. */
export async function createObject(
  engine: Engine,
  admission: AdmissionChain,
  order: CreateOrder,
  ctx: Context,
): Promise<Written> {
  const { draft, owned } = order;
  let { call } = order;
  // compat: Kubernetes asks after mutating admission; nothing is told to plugins about what nobody may do.
  if (!call.mayCreate) await mustBeAllowed(call.user, { ...call.info, verb: 'create' }, engine.authorize, ctx);
  // compat: a name that the caller chose is the caller's, even beside `generateName`: taken is taken.
  const attempts = draft.metadata.name ? 1 : GENERATE_ATTEMPTS;
  beginObject(call, draft, ctx);
  const { definition } = call.resource;
  const admissionCall: AdmissionCall = { ...admissionOf(call, 'create'), object: draft, old: undefined };
  dropRepeatedOwners(call, draft, false);
  if (call.large) await breathe();
  await admission.mutate(admissionCall, ctx);
  if (!call.large && isWide(draft)) call = { ...call, large: true };
  dropRepeatedOwners(call, draft, true);
  for (const text of (call.warn && definition.warningsAsSent?.(draft)) ?? []) call.warn?.(text);
  definition.recordRequester?.(draft, call.user);
  if (definition.statusSubresource && definition.statusOnCreate !== 'kept') delete draft.status;
  const finishing = finish({ call, draft, old: undefined, owned }, engine.judge, ctx);
  if (finishing) await finishing;
  await admission.validate(admissionCall, ctx);
  return storeNew(engine, admission, { call, draft, admissionCall, attempts }, ctx);
}

/** What the server itself says about a new object. */
function beginObject(call: WriteCall, draft: Draft, ctx: Context): void {
  const { definition } = call.resource;
  const { metadata } = draft;
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  if (!metadata.name) {
    if (!metadata.generateName) {
      const { group, kind } = definition;
      throw invalid({ group, kind, name: '' }, [fieldRequired('metadata.name', 'name or generateName is required')]);
    }
    metadata.name = generateName(metadata.generateName);
  }
  for (const owned of [
    'resourceVersion',
    'selfLink',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'managedFields',
  ] as const) {
    delete metadata[owned];
  }
  metadata.uid = randomUUID();
  metadata.creationTimestamp = wireTime(ctx.clock.now());
}

const optionKinds = { create: 'CreateOptions', update: 'UpdateOptions', delete: 'DeleteOptions' } as const;

/** compat: a patch's options are told as those of what it does, which is to create or to update. */
export function admissionOf(
  call: WriteCall,
  operation: keyof typeof optionKinds,
): Omit<AdmissionCall, 'object' | 'old'> {
  const { user, info, dryRun } = call;
  const options = { ...call.options, kind: optionKinds[operation], apiVersion: 'meta.k8s.io/v1' };
  return { user, info, definition: call.resource.definition, options, dryRun, operation };
}

interface NewObject {
  readonly call: WriteCall;
  readonly draft: Draft;
  readonly admissionCall: AdmissionCall;
  /** How many names may be tried. */
  readonly attempts: number;
}

async function storeNew(engine: Engine, admission: AdmissionChain, fresh: NewObject, ctx: Context): Promise<Written> {
  const { call, draft, admissionCall, attempts } = fresh;
  for (let attempt = 1; ; attempt++) {
    const { namespace, name } = draft.metadata;
    const key = call.resource.key(namespace, name!);
    if (call.dryRun) {
      await admission.joins(admissionCall, ctx);
      const { entry } = await engine.store.get(key, ctx);
      if (!entry) return { entry: await unstoredEntry(call, key, { object: draft }), created: true, removed: false };
    } else {
      const committed = await commitObject(
        engine,
        admission,
        { call, key, revision: 0, object: draft, admission: admissionCall },
        ctx,
      );
      if (committed.ok) return { entry: committed.entry, created: true, removed: false };
    }
    if (attempt >= attempts || !draft.metadata.generateName) throw await taken(engine, call, draft);
    draft.metadata.name = generateName(draft.metadata.generateName);
  }
}

/** compat: an object that is on its way out still holds its name, and the answer says so. */
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
  return new CacheEntry(key, 0, bytes, object.metadata.namespace ?? '', object.metadata.name ?? '');
}
