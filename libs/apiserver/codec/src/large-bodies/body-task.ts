import type { Expected } from '@kubernest/apiserver/contract';
import { type KubeObject, parseJson, StatusError, type Steps } from '@kubernest/meta';
import { MAX_TRANSACTION_BYTES } from '@kubernest/store/contract';
import { decodeBody, type FieldValidation } from '../bodies/decode-body.ts';
import { tooLargeForStore } from '../bodies/too-large-for-store.ts';
import { kindsProtobuf } from '../forms/kinds-protobuf.ts';
import { readApplied } from '../patches/applied-configuration.ts';
import { type ApplyTerms, appliedObject } from '../patches/apply-terms.ts';
import type { PatchKind } from '../patches/patch.ts';
import { patchedObject } from '../patches/patched-object.ts';
import { decodePatch } from '../patches/read-patch.ts';
import { type Refusal, refusalParts } from './refusal.ts';

/** What is expected, by name: the thread has the built-in types itself. */
export interface ExpectedName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** See `CustomSchemaSource`. */
export interface SentSource {
  readonly id: string;
  /** Absent where the thread was sent it before. */
  readonly data?: unknown;
}

export const isType =
  ({ group, version, kind }: ExpectedName) =>
  (type: ExpectedName): boolean =>
    type.kind === kind && type.version === version && type.group === group;

/** All that a large body's way to an object needs. */
export interface BodyTask {
  /** Schemas and rules are no data: they never travel. */
  readonly expected: ExpectedName & Pick<Expected, 'alsoAs'>;
  /** Of what somebody declared: what the thread makes its definition of. */
  readonly source?: SentSource | undefined;
  readonly fieldValidation: FieldValidation;
  readonly bytes: Uint8Array;
  /** Of a body that is an object. */
  readonly contentType?: string | undefined;
  readonly anyVersion?: boolean;
  /** What it says becomes the object in the store: no review, no options, no order to a subresource. */
  readonly stored: boolean;
  /** Of a body that is a patch: what it is applied to, as JSON; an applied configuration that is only read has no base. */
  readonly patch?: { readonly kind: PatchKind; readonly base: Uint8Array | undefined };
  /** Of an applied configuration: as what it is laid over `patch.base`, or becomes an object of its own. */
  readonly apply?: ApplyTerms;
}

export type BodyResult =
  | { readonly ok: true; readonly json: Uint8Array; readonly warnings: readonly string[] }
  | ({ readonly ok: false } & Refusal);

/** Pure: from a body's bytes to the JSON of the object that it is, or to its refusal. `type`: what is expected, in full. */
export function* runBodyTask(task: BodyTask, type: Expected): Steps<BodyResult> {
  const { alsoAs } = task.expected;
  const expected = alsoAs ? { ...type, alsoAs } : type;
  const warnings: string[] = [];
  try {
    const object = yield* objectOf(task, expected, (text) => warnings.push(text));
    const json = Buffer.from(JSON.stringify(object));
    if (task.stored) refuseTooLarge(object, json);
    return { ok: true, json, warnings };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { ok: false, ...refusalParts(error) };
  }
}

function* objectOf(task: BodyTask, expected: Expected, warn: (text: string) => void): Steps<KubeObject> {
  const { fieldValidation, bytes, anyVersion, patch } = task;
  if (!patch) {
    const { contentType } = task;
    const protobuf = kindsProtobuf;
    return yield* decodeBody({ contentType, bytes, expected, anyVersion, fieldValidation, warn, protobuf });
  }
  const read = decodePatch(patch.kind, bytes, fieldValidation !== 'Ignore');
  const how = { expected, fieldValidation, warn };
  const base = patch.base && (parseJson(Buffer.from(patch.base).toString()) as unknown as KubeObject);
  if (patch.kind !== 'apply') return yield* patchedObject({ kind: patch.kind, base: base!, read, ...how });
  const applied = yield* readApplied(read, how);
  const { apply: terms } = task;
  return terms ? yield* appliedObject({ ...applied, live: base, expected, terms }) : applied.config;
}

/** What the store would refuse in the end is refused before anybody looks at it. Who owns what may be left out, and does not count. */
function refuseTooLarge({ metadata }: KubeObject, json: Buffer): void {
  if (json.length <= MAX_TRANSACTION_BYTES) return;
  const { managedFields } = metadata;
  const owned = managedFields ? Buffer.byteLength(JSON.stringify(managedFields)) : 0;
  if (json.length - owned > MAX_TRANSACTION_BYTES) throw tooLargeForStore();
}
