import { isObject, type Json, type JsonObject } from '@kubernest/meta';
import { fields, json, list, MOST_LEVELS, number, type Reader, record, string, strings, yes } from './known-fields.ts';

/** A schema as OpenAPI v2 knows it; undefined for what is none. */
export const readSchema = (value: Json | undefined): JsonObject | undefined => schemaAt(value, 0);

function schemaAt(value: Json | undefined, level: number): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  if (level > MOST_LEVELS) return {};
  const within: Reader = (each) => schemaAt(each, level + 1);
  const allWithin: Reader = (each) => (Array.isArray(each) ? each.map((one) => within(one) ?? {}) : undefined);
  return fields(value, {
    ...plain,
    properties: (each) => record(each, within),
    items: within,
    additionalProperties: (each) => (typeof each === 'boolean' ? each : within(each)),
    allOf: allWithin,
  });
}

const plain: Readonly<Record<string, Reader>> = {
  $ref: string,
  type: string,
  format: string,
  title: string,
  description: string,
  pattern: string,
  required: strings,
  enum: list,
  default: json,
  example: json,
  readOnly: yes,
  uniqueItems: yes,
  exclusiveMinimum: yes,
  exclusiveMaximum: yes,
  minimum: number,
  maximum: number,
  multipleOf: number,
  minLength: number,
  maxLength: number,
  minItems: number,
  maxItems: number,
  minProperties: number,
  maxProperties: number,
};
