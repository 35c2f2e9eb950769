import { goShown, goSyntax, goTypeOf } from './go-print.ts';
import type { Json } from './object.ts';
import type { Schema } from './schema.ts';
import { isObject, isScalar } from './value.ts';

/** What a value must be as managed fields see it, which is less than its schema says: a time is any scalar, and an integer any number. */
type Shape = 'map' | 'list' | 'string' | 'numeric' | 'boolean' | 'scalar' | 'anything';

/** Why `value`, which is not null, is none of that schema, in the words of structured-merge-diff. */
export function whyWrongType(schema: Schema, value: Json): string | undefined {
  const shape = shapeOf(schema);
  return fits[shape](value) ? undefined : words[shape](value);
}

function shapeOf(schema: Schema): Shape {
  switch (schema.type) {
    case 'struct':
      if (schema.wire === undefined) return 'map';
      return schema.wire === 'time' || schema.wire === 'microtime' || schema.wire === 'quantity'
        ? 'scalar'
        : 'anything';
    case 'integer':
    case 'number':
      return 'numeric';
    case 'quantity':
      return 'scalar';
    case 'string':
      return schema.format === 'date-time' || schema.format === 'micro-time' ? 'scalar' : 'string';
    case 'int-or-string':
    case 'any':
      return 'anything';
    default:
      return schema.type;
  }
}

const fits: Readonly<Record<Shape, (value: Json) => boolean>> = {
  map: isObject,
  list: Array.isArray,
  string: (value) => typeof value === 'string',
  numeric: (value) => typeof value === 'number' || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  scalar: isScalar,
  anything: () => true,
};

/** compat: Go prints the value within what holds it there, as `%v` or, of texts, `%#v` has it. */
const held = (value: Json): string => `&{${goShown(value)}}`;

const words: Readonly<Record<Shape, (value: Json) => string>> = {
  map: (value) => `expected map, got ${held(value)}`,
  list: (value) => `expected list, got ${held(value)}`,
  string: (value) => `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`,
  numeric: (value) => `expected numeric (int or float), got ${goTypeOf(value)}`,
  boolean: (value) => `expected boolean, got ${held(value)}`,
  scalar: (value) => `expected any scalar, got ${held(value)}`,
  anything: () => '',
};
