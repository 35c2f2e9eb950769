import type { ApplyConflict } from './apply-conflict.ts';
import type { ApplyPatch } from './apply-patch.ts';
import { compareFields } from './field-compare.ts';
import { type FieldSet, isEmptyFieldSet, subtractFields } from './field-set.ts';
import { fieldsClaimedBy } from './field-set-of.ts';
import { parseJson } from './json/exact-json.ts';
import { fieldsOf } from './managed-fields.ts';
import type { KubeObject } from './object.ts';
import type { Schema } from './schema.ts';
import { isObject } from './value.ts';

/** What kubectl's client-side apply keeps of the configuration it applied last. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** compat: only the manager called `kubectl` takes over what kubectl applied on its own side before. */
const mayAdopt = ({ manager }: ApplyPatch): boolean => manager === 'kubectl';

/** The conflicts that are left when kubectl takes over, without a conflict, the fields that it applied on the client's side and nobody changed. */
export function withoutAdopted(patch: ApplyPatch, conflicts: readonly ApplyConflict[]): readonly ApplyConflict[] {
  const adopted = conflicts.length > 0 && mayAdopt(patch) ? stillAsApplied(patch) : undefined;
  if (!adopted) return conflicts;
  return conflicts
    .map(({ owner, fields }) => ({ owner, fields: subtractFields(fields, adopted) }))
    .filter(({ fields }) => !isEmptyFieldSet(fields));
}

function stillAsApplied({ live, schema, apiVersion }: ApplyPatch): FieldSet | undefined {
  const last = parsed(live?.metadata.annotations?.[LAST_APPLIED]);
  if (last?.apiVersion !== apiVersion) return undefined;
  const { added, modified, removed } = compareFields(schema as Schema, fieldsOf(last), fieldsOf(live));
  return [added, modified, removed].reduce(subtractFields, fieldsClaimedBy(schema, fieldsOf(last)));
}

function parsed(text: string | undefined): KubeObject | undefined {
  if (!text) return undefined;
  try {
    const value = parseJson(text);
    return isObject(value) && isObject(value['metadata']) ? (value as unknown as KubeObject) : undefined;
  } catch {
    return undefined;
  }
}

/** With the annotation, where there is one, brought up to date, so that client-side apply can go on from here. */
export function withLastApplied(patch: ApplyPatch, object: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (!mayAdopt(patch) || !annotations?.[LAST_APPLIED]) return object;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  const updated = { ...others, [LAST_APPLIED]: `${JSON.stringify(bare(patch.config))}\n` };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: bytesOf(updated) > MAX_ANNOTATIONS_BYTES ? others : updated },
  };
}

function bare(config: KubeObject): KubeObject {
  const { annotations } = config.metadata;
  if (!annotations?.[LAST_APPLIED]) return config;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return { ...config, metadata: { ...config.metadata, annotations: others } };
}

const bytesOf = (annotations: Readonly<Record<string, string>>): number =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
