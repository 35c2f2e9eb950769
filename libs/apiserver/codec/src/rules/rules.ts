import type { ResourceDefinition, ValidationContext } from '@kubernest/definitions';
import {
  type FieldError,
  invalid,
  type KubeObject,
  MOST_FAULTS,
  type StatusError,
  type Steps,
  specChanged,
} from '@kubernest/meta';
import type { Draft } from '../bodies/draft.ts';
import { fillDefaults } from '../bodies/fill-defaults.ts';
import { validateMeta, validateMetaUpdate } from './object-meta.ts';

/** What a kind's rules look at. All here is pure: it runs on the thread for large bodies as well. */
export interface Judged {
  readonly definition: ResourceDefinition;
  readonly object: KubeObject;
  /** What else they look at, what is stored above all. */
  readonly context: ValidationContext & { readonly old: KubeObject | undefined };
}

/** Puts right what a writer may not set. `lacksDefaults`: the draft may have lost some since it was decoded. */
export function complete(
  definition: ResourceDefinition,
  draft: Draft,
  context: Judged['context'] & { readonly lacksDefaults: boolean },
): void {
  const { old, subresource } = context;
  if (context.lacksDefaults) fillDefaults(definition, draft);
  if (!old) definition.prepareForCreate?.(draft);
  else if (subresource === '') definition.prepareForUpdate?.(draft, old);
  else if (subresource === 'status') definition.prepareForStatusUpdate?.(draft, old, context);
}

/** `keeps`: a changed spec is no new generation. */
export function setGeneration(
  { tracksGeneration = false, statusSubresource = false }: ResourceDefinition,
  draft: Draft,
  { old, keeps }: { readonly old: KubeObject | undefined; readonly keeps: boolean },
): void {
  const before = old ? old.metadata.generation : 0;
  const rises = (before: KubeObject): boolean => !keeps && specChanged(before, draft, !statusSubresource);
  if (tracksGeneration && (!old || rises(old))) draft.metadata.generation = (before ?? 0) + 1;
  else if (old && before !== undefined) draft.metadata.generation = before;
  else delete draft.metadata.generation;
}

/** 422 with the faults of the object, and of the change when there was one before. */
export function* refusalOf(judged: Judged): Steps<StatusError | undefined> {
  const faults: FieldError[] = [];
  for (const found of validations(judged)) {
    for (const fault of found) faults.push(fault);
    if (faults.length >= MOST_FAULTS) break;
    yield;
  }
  const { customSchema } = judged.definition;
  if (customSchema) for (const fault of yield* customSchema.faults(judged.object, judged.context)) faults.push(fault);
  if (faults.length === 0) return undefined;
  const { group, kind } = judged.definition;
  return invalid({ group, kind, name: judged.object.metadata.name ?? '' }, faults.slice(0, MOST_FAULTS));
}

/** Rule by rule what is wrong. */
function* validations({ definition, object, context }: Judged): Generator<readonly FieldError[]> {
  yield* validateMeta(definition, object.metadata);
  yield definition.validate?.(object, context) ?? [];
  const { old } = context;
  if (!old) return;
  yield validateMetaUpdate(object, old);
  yield definition.validateUpdate?.(object, old, context) ?? [];
}

/** What the kind has to say of an object that is fine. */
export const warningsOf = ({ definition, object, context }: Judged): readonly string[] =>
  definition.warnings?.(object, context) ?? [];
