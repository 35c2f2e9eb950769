import type { Json } from './object.ts';
import type { Schema, StructSchema } from './schema.ts';

/** compat: clients see Go's names of types and values in decoding errors; these make them from ours. */

/** What a JSON value is called: `string`, `number`, `bool`, `array`, `object`. */
export function valueKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'object':
      return value === null ? 'null' : 'object';
    default:
      return 'number';
  }
}

/** `PodSpec`. A struct without a name (a CRD's) is called by `fallback`. */
export function goStructName(schema: StructSchema, fallback = 'struct'): string {
  return schema.name?.split('.').at(-1) ?? fallback;
}

/** `v1.PodSpec`, `[]v1.Container`, `map[string]string`, `int32`. */
export function goTypeName(schema: Schema, version: string): string {
  switch (schema.type) {
    case 'struct':
      return schema.name ? schema.name.split('.').slice(-2).join('.') : `${version}.struct`;
    case 'list':
      return `[]${goTypeName(schema.items, version)}`;
    case 'map':
      return schema.goType ?? `map[string]${goTypeName(schema.values, version)}`;
    case 'string':
      return schema.goType ?? (schema.format === 'byte' ? '[]uint8' : 'string');
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    case 'quantity':
      return 'resource.Quantity';
    case 'int-or-string':
      return 'intstr.IntOrString';
    case 'any':
      return 'interface {}';
  }
}

/** One letter that Go's `unicode.IsPrint` lets through. */
export const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A text as Go's `%q` writes it: what cannot be printed is escaped, `\x00` and not JSON's `\u0000`. */
export function goQuoted(text: string): string {
  const quoted = text.replace(
    /[^ !#-[\]-~]/gu,
    (letter) => shortEscapes[letter] ?? (printable.test(letter) ? letter : escaped(letter)),
  );
  return `"${quoted}"`;
}

function escaped(letter: string): string {
  const code = letter.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x1_00_00 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
