import {
  append,
  clone,
  deepEqual,
  type FieldError,
  fieldErrorBody,
  fieldErrorsText,
  fieldInvalid,
  type Json,
  type JsonObject,
  MOST_FAULTS,
  ownValue,
  Rests,
  type Schema,
  type Steps,
  type StructSchema,
  setKey,
  type ValueChecks,
} from '@kubernest/meta';
import { coerceEmbedded } from './coerce.ts';
import { compileChecks } from './compile-checks.ts';
import { type CompileOptions, compileSchema } from './compile-schema.ts';
import { isEmbedded } from './embedded.ts';
import { childOf } from './field-path.ts';
import { itemOf, memberOf, ofEveryObject } from './parts.ts';
import { defaultOf, entriesOf, itemsOf, type JsonSchemaProps } from './props.ts';
import { prune } from './prune.ts';
import { inOrderOfKeys } from './told-order.ts';
import { embeddedFaults } from './validate/embedded-faults.ts';
import { checkFaults } from './validate/validate-custom-resource.ts';

/** A schema whose default is looked at, in each of its forms. */
interface Place {
  readonly props: JsonSchemaProps;
  readonly schema: Schema | undefined;
  readonly checks: ValueChecks | undefined;
  readonly path: string;
  /** The resource that it belongs to, and the way there: a key, or an index. */
  readonly resource: StructSchema;
  readonly steps: readonly (string | undefined)[];
  readonly insideMetadata: boolean;
}

/**
 * Why the defaults of a structural schema cannot be: they are not what the schema says, or have unknown fields, or would make metadata that is
 * none. Linear in the schema, in steps.
 */
export function* defaultFaults(root: JsonSchemaProps, path: string, options: CompileOptions): Steps<FieldError[]> {
  const faults: FieldError[] = [];
  const rests = new Rests();
  const resource = yield* compileSchema(root, options);
  const checks = yield* compileChecks(root, 'default', rests);
  const left: Place[] = [{ props: root, schema: resource, checks, path, resource, steps: [], insideMetadata: false }];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    if (rests.isDue()) yield;
    const value = defaultOf(place.props);
    if (value !== undefined && faults.length < MOST_FAULTS) append(faults, yield* faultsOf(value, place));
    append(left, placesIn(place));
  }
  return yield* inOrderOfKeys(faults);
}

/** compat: of members that no property names no default is looked at, as they may have none. */
function placesIn({ props, schema, checks, path, resource, steps, insideMetadata }: Place): Place[] {
  const isResource = isEmbedded(schema);
  const own = isResource ? { resource: schema, steps: [], insideMetadata: false } : { resource, steps, insideMetadata };
  const places = entriesOf(props.properties).map(([name, member]) => ({
    props: member,
    schema: memberOf(schema, name),
    checks: ownValue(checks?.properties, name),
    path: childOf(path, `properties[${name}]`),
    resource: own.resource,
    steps: [...own.steps, name],
    insideMetadata: own.insideMetadata || (isResource && ofEveryObject.has(name)),
  }));
  const items = itemsOf(props);
  if (!items) return places;
  const below = { schema: itemOf(schema), checks: checks?.items, path: childOf(path, 'items') };
  return [...places, { ...own, ...below, props: items, steps: [...own.steps, undefined] }];
}

function* faultsOf(value: Json, place: Place): Steps<FieldError[]> {
  const at = childOf(place.path, 'default');
  if (place.insideMetadata && !isEmbedded(place.schema)) {
    const why = yield* metadataFault(value, place);
    if (why !== undefined) return [fieldInvalid(at, value, `must result in valid metadata: ${why}`)];
    return place.checks ? yield* checkFaults(value, place.checks, at) : [];
  }
  // What is said of values that the type does not have is checked all the same.
  if (!place.schema) return place.checks ? yield* checkFaults(value, place.checks, at) : [];
  const faults: FieldError[] = [];
  const [known, own] = [clone(value), clone(value)];
  yield* prune(known, place.schema);
  // compat: what is told has its metadata as it was read afterwards.
  if (!deepEqual(known, value)) faults.push(fieldInvalid(at, own, 'must not have unknown fields'));
  return [...faults, ...(yield* resourceFaults(own, place.schema, place.checks, at))];
}

/** compat: only the first sort of faults is told. The value is used up. */
function* resourceFaults(
  value: Json,
  schema: Schema,
  checks: ValueChecks | undefined,
  path: string,
): Steps<FieldError[]> {
  const options = { path, withRoot: isEmbedded(schema) };
  const { fault } = yield* coerceEmbedded(value, schema, options);
  if (fault) return [fault];
  const faults = yield* embeddedFaults(value, schema, options);
  return faults.length > 0 || !checks ? faults : yield* checkFaults(value, checks, path);
}

/** Why the default makes no metadata where it stands in an object of nothing else. */
function* metadataFault(value: Json, { resource, steps }: Place): Steps<string | undefined> {
  const object = surrounded(clone(value), steps);
  const { fault } = yield* coerceEmbedded(object, resource, { withRoot: true });
  if (fault) return `${fault.field}: ${fieldErrorBody(fault)}`;
  const faults = yield* embeddedFaults(object, resource, { withRoot: true });
  return faults.length > 0 ? fieldErrorsText(faults) : undefined;
}

function surrounded(value: Json, steps: Place['steps']): JsonObject {
  let inner = value;
  for (const step of steps.toReversed()) {
    const outer: JsonObject = {};
    if (step !== undefined) setKey(outer, step, inner);
    inner = step === undefined ? [inner] : outer;
  }
  return { kind: 'Validation', apiVersion: 'validation/v1', ...(inner as JsonObject) };
}
