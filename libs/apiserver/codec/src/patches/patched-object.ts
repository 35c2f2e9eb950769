import type { Expected } from '@kubernest/apiserver/contract';
import {
  apiVersionOf,
  cannotUnmarshal,
  fieldInvalid,
  goJson,
  goShown,
  inTextOrder,
  internalError,
  invalid,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  MOST_TOLD_FAULTS,
  type SchemaDecodeResult,
  type StatusError,
  type Steps,
  shownAfterJsonPatch,
  shownAfterMergePatch,
  type ToldFaults,
  valueKind,
} from '@kubernest/meta';
import { checkTypes, missingKind } from '../bodies/body-identity.ts';
import { type FieldValidation, named } from '../bodies/decode-body.ts';
import { fillDefaults } from '../bodies/fill-defaults.ts';
import { madeToFit } from '../bodies/made-to-fit.ts';
import { applyPatch, type MergedKind } from './patch.ts';
import type { ReadPatch } from './read-patch.ts';

export interface Patching {
  readonly kind: MergedKind;
  /** Stays as it is. */
  readonly base: KubeObject;
  readonly read: ReadPatch;
  readonly expected: Expected;
  readonly fieldValidation: FieldValidation;
  /** Gets `unknown field "spec.bogus"` under Warn. */
  readonly warn: (text: string) => void;
}

/**
 * The object that a patch makes of another: own, pruned, its types checked, with its defaults, and without the record of owners where the
 * patch says nothing of it. Throws 422 with what was made, as Kubernetes does.
 */
export function* patchedObject(patching: Patching): Steps<KubeObject> {
  const { kind, read, expected, fieldValidation, warn } = patching;
  const value = applyPatch(kind, patchedPart(patching), read.patch, expected.schema);
  const refuse = (why: string): StatusError =>
    invalid({ group: '', kind: '', name: '' }, [fieldInvalid('patch', shown(patching), why)]);
  // compat: what is merged by its type is of that type, whatever it says.
  if (kind !== 'strategic') checkNames(value, expected, refuse);
  if (expected.customSchema) checkSaysSomething(value, patching, refuse);
  const result = yield* decoded(value, patching, refuse);
  const faults = [...read.faults, ...inOrder(result.unknown, patching)].slice(0, MOST_TOLD_FAULTS);
  if (faults.length > 0 && fieldValidation === 'Strict') throw refuse(`strict decoding error: ${faults.join(', ')}`);
  if (fieldValidation === 'Warn') for (const fault of faults) warn(fault);
  if (expected.customSchema) checkSaysWhatItIs(result.value, patching);
  const object = named(result.value, expected);
  yield* fillDefaults(expected, object);
  return object;
}

/** Whoever leaves out who owns what leaves that as it is: it is neither copied nor looked through, which is a third of most objects. */
function patchedPart({ kind, base, read }: Patching): KubeObject {
  if (kind === 'json' || !base.metadata.managedFields || namesManagers(read.patch)) return base;
  const { managedFields: _, ...metadata } = base.metadata;
  return { ...base, metadata };
}

/** In a directive of a strategic patch, too. */
function namesManagers(patch: Json): boolean {
  const metadata = isObject(patch) && Object.hasOwn(patch, 'metadata') ? patch['metadata']! : null;
  return isObject(metadata) && Object.keys(metadata).some((key) => key.endsWith('managedFields'));
}

function* decoded(
  value: Json,
  { kind, base, read, expected, fieldValidation }: Patching,
  refuse: ToldFaults['refuse'],
): Steps<SchemaDecodeResult> {
  const options = {
    collectUnknown: fieldValidation !== 'Ignore',
    told: { as: kind === 'strategic' ? 'converted' : 'read', refuse },
  } as const;
  try {
    return yield* madeToFit(value as JsonObject, expected, options);
  } catch (error) {
    // Of several faults the answer has the first, in the order of what is shown.
    if (kind !== 'strategic') yield* madeToFit(made({ kind, base, read, expected }) as JsonObject, expected, options);
    throw error;
  }
}

function inOrder(faults: readonly string[], patching: Patching): readonly string[] {
  if (faults.length < 2) return faults;
  return patching.kind === 'strategic' ? [...faults].sort() : inTextOrder(shown(patching), faults);
}

/** compat: what a refusal shows: the patch as Go prints it, or the object with the patch applied. */
const shown = (patching: Patching): string =>
  patching.kind === 'strategic' ? goShown(patching.read.patch) : goJson(made(patching));

/** The object with the patch applied, once more, as the first is changed by then, and in the order of its text. */
function made({ kind, base, read: { patch }, expected }: Pick<Patching, 'kind' | 'base' | 'read' | 'expected'>): Json {
  const value = applyPatch(kind, base, patch, expected.schema);
  return kind === 'json' ? shownAfterJsonPatch(value, patch) : shownAfterMergePatch(value, patch);
}

/** compat: what is declared is known by what it says of itself alone. */
function checkSaysSomething(value: Json, patching: Patching, refuse: (why: string) => StatusError): void {
  const { kind, apiVersion } = value as { readonly [key: string]: Json };
  if (!kind) throw refuse(missingKind(shown(patching)));
  if (!apiVersion) throw internalError(new Error("Object 'apiVersion' is missing in 'object has no apiVersion field'"));
}

/** compat: as the rules of a declared kind ask for it, which are looked at last: who renames the object hears of that alone. */
function checkSaysWhatItIs(value: Json, { base: { metadata }, expected }: Patching): void {
  const { name, namespace } = (value as unknown as KubeObject).metadata ?? {};
  if (name === metadata.name && namespace === metadata.namespace) checkTypes(value as JsonObject, expected);
}

/** compat: Go's name of the type that is asked for no more than the two. */
const NAMES = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

function checkNames(
  value: Json,
  expected: Expected,
  refuse: (why: string) => StatusError,
): asserts value is JsonObject {
  const unread = (what: Json, target: string, type: string): StatusError =>
    refuse(`couldn't get version/kind; json parse error: ${cannotUnmarshal(valueKind(what), target, type)}`);
  if (!isObject(value)) throw unread(value, 'Go value', NAMES);
  const nameIn = (field: 'apiVersion' | 'kind'): string | undefined => {
    const name = Object.hasOwn(value, field) ? (value[field] ?? '') : '';
    if (typeof name !== 'string') throw unread(name, `Go struct field .${field}`, 'string');
    return name === '' ? undefined : name;
  };
  const apiVersion = nameIn('apiVersion') ?? apiVersionOf(expected);
  const kind = nameIn('kind') ?? expected.kind;
  if (apiVersion.split('/').length > 2) throw refuse(`unexpected GroupVersion string: ${apiVersion}`);
  if (expected.customSchema) return;
  if (kind === expected.kind && (apiVersion === apiVersionOf(expected) || expected.alsoAs?.includes(apiVersion)))
    return;
  throw refuse(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`);
}
