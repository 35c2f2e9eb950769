import { illegalBase64At } from './base64-fault.ts';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { convertedWords, type DecodeWords, readWords, type ToldFaults } from './decode-words.ts';
import { notExact } from './exact-numbers.ts';
import { isInt64, keptInteger } from './json/long-integer.ts';
import type { Json } from './object.ts';
import { canonicalAmount, canonicalQuantity, QuantityError, quantityWords } from './quantity.ts';
import type { FieldSchema, ListSchema, MapSchema, ScalarSchema, Schema, StructSchema } from './schema.ts';
import { anySchema, isInteger, isQuantity, ownForm } from './schema-forms.ts';
import type { Place } from './schema-place.ts';
import { isDropped, zeroOf } from './schema-zero.ts';
import { badRequest, StatusError } from './status-error.ts';
import { isObject, type JsonObject, MOST_KEPT_LEVELS, setKey } from './value.ts';
import { notATime, parseWireTime } from './wire-time.ts';

export interface SchemaDecodeOptions {
  /** Named in errors: `Pod in version "v1" cannot be handled as a Pod: …`. */
  readonly kind: string;
  readonly version: string;
  /** Collect the paths of unknown fields. They are pruned in any case, unless the schema preserves them. */
  readonly collectUnknown?: boolean;
  /** Keep empty lists and maps and zero values that Go's `omitempty` would drop: for CRDs, whose objects Kubernetes never passes through Go structs. */
  readonly keepEmpty?: boolean;
  /** Keep nulls: an applied configuration means something by them. */
  readonly keepNulls?: boolean;
  /** How a wrong value is told; where it is not said, as one of a body. */
  readonly told?: ToldFaults;
  /** Leave a wrong value as it is, but for an integer that no number can hold: whoever merges first decodes once more. */
  readonly keepWrong?: boolean;
}

export interface SchemaDecodeResult {
  readonly value: Json;
  /** `unknown field "spec.bogus"`, as strict errors and warnings word it. */
  readonly unknown: readonly string[];
}

/**
 * Makes decoded data fit its schema, in place: refuses wrong types with Go's words (400), prunes unknown fields, drops nulls, canonicalises
 * quantities. The caller owns `value` and uses only the returned one afterwards.
 */
export function decodeBySchema(schema: Schema, value: Json, options: SchemaDecodeOptions): SchemaDecodeResult {
  const walker = new Walker(options);
  return { value: walker.walk(schema, value, undefined), unknown: walker.unknown };
}

/** The one 400 for unknown and duplicate fields under `fieldValidation=Strict`. */
export function strictDecodingError(
  subject: { kind: string; version: string },
  faults: readonly string[],
): StatusError {
  return cannotHandle(subject, `strict decoding error: ${faults.join(', ')}`);
}

/** The 400 for a body that cannot be read as what it should be. */
export function cannotHandle({ kind, version }: { kind: string; version: string }, why: string): StatusError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

class Walker {
  readonly unknown: string[] = [];
  /** Of the first wrong value that is kept. */
  #kept: StatusError | undefined;
  /** What is told whether or not wrong values are kept. */
  #atOnce: StatusError | undefined;
  readonly #words: DecodeWords;
  /** How deep the walk is. */
  #levels = 0;

  constructor(private readonly options: SchemaDecodeOptions) {
    this.#words = options.told?.as === 'converted' ? convertedWords : readWords(options);
  }

  walk(schema: Schema, value: Json, place: Place | undefined): Json {
    if (typeof value === 'bigint') return this.#huge(schema, value, place);
    if (!this.options.keepWrong) return this.#right(schema, value, place);
    const levels = this.#levels;
    try {
      return this.#right(schema, value, place);
    } catch (error) {
      this.#levels = levels;
      if (!(error instanceof StatusError) || error === this.#atOnce) throw error;
      return value;
    }
  }

  #right(schema: Schema, value: Json, place: Place | undefined): Json {
    if (++this.#levels > MOST_KEPT_LEVELS) throw this.#tooDeep();
    const next = this.#fitted(schema, value, place);
    this.#levels--;
    return next;
  }

  #fitted(schema: Schema, value: Json, place: Place | undefined): Json {
    switch (schema.type) {
      case 'struct':
        return this.#struct(schema, value, place);
      case 'map':
        return this.#map(schema, value, place);
      case 'list':
        return this.#list(schema, value, place);
      case 'any':
        return schema.object ? this.#shaped(schema.object, value, place) : this.#any(value, place);
      default:
        return this.#scalar(schema, value, place);
    }
  }

  /** What is too deep is not kept, whatever comes after. */
  #tooDeep(): StatusError {
    this.#atOnce = this.#refuse('exceeded max depth');
    return this.#atOnce;
  }

  #struct(schema: StructSchema, value: Json, place: Place | undefined): Json {
    if (schema.wire === 'time' || schema.wire === 'microtime')
      return this.#time(value, schema.wire === 'microtime', place);
    if (schema.wire === 'quantity') return this.#quantity(value);
    if (schema.wire === 'intorstring') return this.#intOrString(value, place);
    if (!isObject(value)) throw this.#wrongType(schema, value, place);
    if (schema.wire === 'rawextension') return this.#any(value, place);
    // As deep as the object whose fields they are, wherever they stand.
    if (schema.wire === 'fieldsv1') return this.#any(value, place, 0);
    for (const key in value) {
      const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
      const item = value[key]!;
      if (field?.schema === undefined) this.#otherField(schema, value, key, place);
      else if (item === null) this.#nullField(field, value, key);
      else this.#knownField(schema, field, value, key, item, place);
    }
    return value;
  }

  #knownField(
    struct: StructSchema,
    field: FieldSchema,
    target: JsonObject,
    key: string,
    item: Json,
    parent: Place | undefined,
  ): void {
    const next = this.walk(field.schema, item, { parent, key, struct });
    if (!this.options.keepEmpty && isDropped(field, next)) delete target[key];
    else if (next !== item) target[key] = next;
  }

  #nullField(field: FieldSchema, target: JsonObject, key: string): void {
    const keeps =
      this.options.keepNulls ||
      field.schema.type === 'any' ||
      ('nullable' in field.schema && field.schema.nullable === true);
    if (!keeps) delete target[key];
  }

  #otherField(schema: StructSchema, target: JsonObject, key: string, parent: Place | undefined): void {
    const { others } = schema;
    if (others === undefined) this.#unknownField(schema, target, key, parent);
    else this.#entry(others, target, key, parent);
  }

  #unknownField(schema: StructSchema, target: JsonObject, key: string, parent: Place | undefined): void {
    if (schema.preserveUnknownFields) {
      const item = target[key]!;
      const next = this.#any(item, { parent, key });
      if (next !== item) setKey(target, key, next);
      return;
    }
    if (this.options.collectUnknown && this.unknown.length < MOST_TOLD_FAULTS)
      this.unknown.push(this.#words.unknownField({ parent, key }));
    delete target[key];
  }

  #map(schema: MapSchema, value: Json, place: Place | undefined): Json {
    if (!isObject(value)) throw this.#wrongType(schema, value, place);
    const plainStrings = schema.values.type === 'string' && schema.values.format === undefined;
    for (const key in value) {
      if (plainStrings && typeof value[key] === 'string') continue;
      this.#entry(schema.values, value, key, place);
    }
    return value;
  }

  #entry(values: Schema, target: JsonObject, key: string, parent: Place | undefined): void {
    const item = target[key]!;
    const next =
      item === null
        ? zeroOf(values)
        : isQuantity(values) && typeof item !== 'bigint'
          ? this.#quantity(item, canonicalAmount)
          : this.walk(values, item, { parent, key });
    if (next !== item) setKey(target, key, next);
  }

  #list(schema: ListSchema, value: Json, place: Place | undefined): Json {
    if (!Array.isArray(value)) throw this.#wrongType(schema, value, place);
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!;
      const next = item === null ? zeroOf(schema.items) : this.walk(schema.items, item, { parent: place, key: i });
      if (next !== item) value[i] = next;
    }
    return value;
  }

  #scalar(schema: ScalarSchema, value: Json, place: Place | undefined): Json {
    switch (schema.type) {
      case 'string':
        if (schema.format === 'date-time' || schema.format === 'micro-time')
          return this.#time(value, schema.format === 'micro-time', place);
        if (typeof value !== 'string') throw this.#wrongType(schema, value, place);
        if (schema.format === 'byte') return this.#bytes(value);
        return value;
      case 'boolean':
        if (typeof value !== 'boolean') throw this.#wrongType(schema, value, place);
        return value;
      case 'integer':
        if (!isInteger(value, schema.format)) throw this.#wrongType(schema, value, place);
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw this.#wrongType(schema, value, place);
        return value;
      case 'quantity':
        return this.#quantity(value);
      case 'int-or-string':
        return this.#intOrString(value, place);
    }
  }

  #time(value: Json, isMicro: boolean, place: Place | undefined): Json {
    if (typeof value !== 'string') throw this.#refuse(this.#words.wrongForm('string', value, place));
    if (parseWireTime(value) === undefined) throw this.#refuse(notATime(value, isMicro));
    return value;
  }

  #bytes(value: string): Json {
    const at = illegalBase64At(value);
    if (at >= 0) throw this.#refuse(this.#words.notBase64(at));
    return value;
  }

  #quantity(value: Json, written: (text: string | number) => string = canonicalQuantity): Json {
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw this.#refuse(quantityWords);
    }
    try {
      return written(value);
    } catch (error) {
      if (error instanceof QuantityError) throw this.#refuse(error.message);
      throw error;
    }
  }

  #intOrString(value: Json, place: Place | undefined): Json {
    if (typeof value === 'string' || isInteger(value, 'int32')) return value;
    throw this.#refuse(this.#words.wrongForm('int32', value, place));
  }

  #shaped(shape: StructSchema, value: Json, place: Place | undefined): Json {
    if (isObject(value)) return this.walk(shape, value, place);
    if (!Array.isArray(value)) return this.#any(value, place);
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!;
      const at = { parent: place, key: i };
      value[i] = isObject(item) ? this.walk(shape, item, at) : this.#any(item, at);
    }
    return value;
  }

  #any(value: Json, place: Place | undefined, level = this.#levels): Json {
    if (level > MOST_KEPT_LEVELS) throw this.#tooDeep();
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      throw this.#wrongType({ type: 'number' }, value, place);
    if (typeof value === 'bigint') return this.#huge(anySchema, value, place);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = this.#any(value[i]!, { parent: place, key: i }, level + 1);
    } else if (isObject(value)) {
      for (const key in value) setKey(value, key, this.#any(value[key]!, { parent: place, key }, level + 1));
    }
    return value;
  }

  /** An integer that a number cannot hold: exact as a quantity and where anything may stand, refused where a number must. */
  #huge(schema: Schema, value: bigint, place: Place | undefined): Json {
    if (isQuantity(schema)) return this.#quantity(String(value));
    const takesNumbers =
      schema.type === 'any' || schema.type === 'number' || (schema.type === 'integer' && schema.format !== 'int32');
    if (!takesNumbers || (schema.type === 'integer' && !isInt64(value))) {
      this.#atOnce = this.#wrongType(schema, value, place);
      throw this.#atOnce;
    }
    if (schema.type === 'number') return Number(value);
    const kept = keptInteger(value);
    if (schema.type === 'any' || typeof kept === 'number') return kept;
    this.#atOnce = this.#refuse(notExact(value, place));
    throw this.#atOnce;
  }

  #wrongType(schema: Schema, value: Json, place: Place | undefined): StatusError {
    const form = ownForm(schema);
    return this.#refuse(form ? this.#words.wrongForm(form, value, place) : this.#words.wrongType(schema, value, place));
  }

  #refuse(why: string): StatusError {
    const { told, keepWrong } = this.options;
    const refuse = () => told?.refuse(why) ?? cannotHandle(this.options, why);
    if (!keepWrong) return refuse();
    // A body may hold very many: one error, which is dear to make, for all that are kept.
    this.#kept ??= refuse();
    return this.#kept;
  }
}
