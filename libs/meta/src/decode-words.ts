import { goTypeOf } from './go-print.ts';
import { goQuoted, goTypeName, valueKind } from './go-words.ts';
import type { Json } from './object.ts';
import type { Schema } from './schema.ts';
import { fieldStack, type Place, pathOf, structOf } from './schema-place.ts';
import type { StatusError } from './status-error.ts';

/** How a value that its schema does not allow is told. */
export interface ToldFaults {
  /** compat: what is read from JSON is told in other words than what is converted once it was merged. */
  readonly as: 'read' | 'converted';
  refuse(why: string): StatusError;
}

export interface DecodeWords {
  wrongType(schema: Schema, value: Json, place: Place | undefined): string;
  /** Of a value with a reader of its own, which begins as a text or a number: a time, a port. */
  wrongForm(type: 'string' | 'int32', value: Json, place: Place | undefined): string;
  notBase64(at: number): string;
  unknownField(place: Place): string;
}

export function readWords({ kind, version }: { readonly kind: string; readonly version: string }): DecodeWords {
  const into = (shown: string, type: string, place: Place | undefined): string => {
    const owner = structOf(place, kind);
    const target = owner ? `Go struct field ${owner}.${fieldStack(place)}` : 'Go value';
    return cannotUnmarshal(shown, target, type);
  };
  return {
    wrongType: (schema, value, place) =>
      into(schema.type === 'integer' ? numberOr(value) : valueKind(value), goTypeName(schema, version), place),
    wrongForm: (type, value, place) => into(type === 'int32' ? numberOr(value) : valueKind(value), type, place),
    notBase64: (at) => `illegal base64 data at input byte ${at}`,
    unknownField: (place) => `unknown field ${goQuoted(pathOf(place))}`,
  };
}

export const convertedWords: DecodeWords = {
  wrongType(schema, value) {
    switch (schema.type) {
      case 'struct':
        return `cannot restore struct from: ${kindOf(value)}`;
      case 'list':
      case 'map':
        return `cannot restore ${schema.type === 'list' ? 'slice' : 'map'} from ${kindOf(value)}`;
      default:
        return schema.type === 'string' && schema.format === 'byte' ? notBytes(value) : notScalar(schema, value);
    }
  },
  wrongForm: (type, value) =>
    cannotUnmarshal(type === 'int32' ? numberOr(rounded(value)) : valueKind(value), 'Go value', type),
  notBase64: (at) => `error decoding from json: illegal base64 data at input byte ${at}`,
  unknownField: (place) => `unknown field "${pathOf(place)}"`,
};

export const cannotUnmarshal = (shown: string, target: string, type: string): string =>
  `json: cannot unmarshal ${shown} into ${target} of type ${type}`;

const numberOr = (value: Json): string =>
  typeof value === 'number' || typeof value === 'bigint' ? `number ${value}` : valueKind(value);

/** compat: what was merged has integers of 64 bits, and longer ones as fractions. */
const rounded = (value: Json): Json => (typeof value === 'bigint' ? Number(value) : value);

/** Go's kind of a decoded value: `int64`, `slice`. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'slice';
  return typeof value === 'object' && value !== null ? 'map' : goTypeOf(value);
}

const notBytes = (value: Json): string =>
  Array.isArray(value) ? 'unrecognized type: uint8' : `cannot restore slice from ${kindOf(value)}`;

/** compat: between kinds of numbers, and from a number to a text, there is a conversion, which then is refused; between others there is none. */
function notScalar(schema: Schema, value: Json): string {
  const type = goTypeName(schema, '');
  const from = kindOf(value);
  const isConvertible = schema.type === 'integer' ? from === 'int64' || from === 'float64' : from === 'int64';
  if (isConvertible && schema.type !== 'boolean') return `cannot convert ${from} to ${type}`;
  return `unrecognized type: ${schema.type === 'string' ? 'string' : type}`;
}
