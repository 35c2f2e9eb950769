import {
  type FieldError,
  type Json,
  type JsonObject,
  ownValue,
  Rests,
  type Schema,
  type Steps,
  type StructSchema,
  type ValueChecks,
} from '@kubernest/meta';
import { inOrderOfKeys } from '../told-order.ts';
import { checkValue } from './check-value.ts';
import { Correlated } from './correlated.ts';
import { embeddedFaults } from './embedded-faults.ts';
import { Findings } from './findings.ts';
import { uniquenessFaults } from './list-uniqueness.ts';

export interface ValidateOptions {
  /** What the object was before an update: what is still the same is not told again (ratcheting). */
  readonly old?: Json;
  /** Where the value stands in the object, `status`; '' for the whole object. */
  readonly path?: string;
}

/**
 * Whatever the schema finds wrong with a custom resource: its values, the objects within it, items that stand twice in a set or a list with keys.
 * Its own metadata is not looked at. Up to 500 faults of each sort. Linear in the object for each alternative that the checks combine, in steps.
 */
export function* validateCustomResource(
  object: Json,
  schema: StructSchema,
  options: ValidateOptions = {},
): Steps<FieldError[]> {
  const { old, path = '' } = options;
  return yield* inOrderOfKeys([
    ...(yield* valueFaults(object, schema, options)),
    ...(yield* embeddedFaults(object, schema, { path })),
    ...(yield* listFaults(object, { schema, old, path })),
  ]);
}

/**
 * The same for an update of the status alone: its values, and what stands twice anywhere. compat: objects within the status are not looked at.
 */
export function* validateCustomResourceStatus(
  object: JsonObject,
  schema: StructSchema,
  old: JsonObject,
): Steps<FieldError[]> {
  const status = ownValue(object, 'status');
  const known = ownValue(schema.fields, 'status')?.schema;
  const before = ownValue(old, 'status') ?? null;
  return yield* inOrderOfKeys([
    ...(status === undefined || !known ? [] : yield* valueFaults(status, known, { old: before, path: 'status' })),
    ...(yield* listFaults(object, { schema, old, path: '' })),
  ]);
}

/** What the checks of a schema find in a value. */
export function* valueFaults(value: Json, schema: Schema, { old, path = '' }: ValidateOptions): Steps<FieldError[]> {
  if (!schema.checks) return [];
  const before = old === undefined ? undefined : new Correlated(value, old, schema, schema.checks);
  const found = new Findings();
  yield* checkValue(schema.checks, { value, name: '', before, rests: new Rests() }, found);
  return found.faults(path);
}

/** The same by checks that no schema has. */
export function* checkFaults(value: Json, checks: ValueChecks, path: string): Steps<FieldError[]> {
  const found = new Findings();
  yield* checkValue(checks, { value, name: '', rests: new Rests() }, found);
  return found.faults(path);
}

interface Lists {
  readonly schema: Schema;
  readonly old: Json | undefined;
  readonly path: string;
}

/** compat: where anything stood twice before, whatever stands twice now is let pass. */
function* listFaults(object: Json, { schema, old, path }: Lists): Steps<FieldError[]> {
  if (old !== undefined && (yield* uniquenessFaults(old, schema, path)).length > 0) return [];
  return yield* uniquenessFaults(object, schema, path);
}
