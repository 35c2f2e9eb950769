import type { Json } from './object.ts';
import type { Schema } from './schema.ts';

/** compat: a map of quantities is a list of resources, which knows no less than a thousandth of each. */
export const isQuantity = (schema: Schema): boolean =>
  schema.type === 'quantity' || (schema.type === 'struct' && schema.wire === 'quantity');

/** As what a value begins that has a reader of its own. */
export function ownForm(schema: Schema): 'string' | 'int32' | undefined {
  if (schema.type === 'int-or-string') return 'int32';
  if (schema.type === 'string') return schema.format?.endsWith('-time') ? 'string' : undefined;
  if (schema.type !== 'struct' || schema.wire === undefined) return undefined;
  if (schema.wire === 'intorstring') return 'int32';
  return schema.wire.endsWith('time') ? 'string' : undefined;
}

export const anySchema: Schema = { type: 'any' };

export function isInteger(value: Json, format: string | undefined): boolean {
  if (!Number.isInteger(value)) return false;
  return format !== 'int32' || (value as number) === ((value as number) | 0);
}
