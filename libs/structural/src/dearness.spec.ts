import { describe, expect, it } from 'vitest';
import type { JsonSchemaProps } from './props.ts';
import { compiled, kindOf } from './schema.fixture.ts';

const names = Array.from({ length: 1600 }, (_, i) => `n${i}`);
const text: JsonSchemaProps = { type: 'string' };
const alternatives = (of: JsonSchemaProps): JsonSchemaProps => ({ anyOf: Array.from({ length: 100 }, () => of) });

describe('how dear it is to judge an object', () => {
  it.each<[string, JsonSchemaProps, number]>([
    ['of a mild schema', { type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])) }, 1],
    ['of many fields that must be there', { type: 'object', required: names }, 101],
    ['of many alternatives', { type: 'integer', ...alternatives({ minimum: 1 }) }, 101],
    [
      'of alternatives for its items',
      { type: 'array', items: text, ...alternatives({ items: { minLength: 1 } }) },
      101,
    ],
    [
      'of alternatives for a field',
      { type: 'object', properties: { a: text }, ...alternatives({ properties: { a: { minLength: 1 } } }) },
      101,
    ],
    ['of alternatives within alternatives', { type: 'integer', allOf: [alternatives({ minimum: 1 })] }, 102],
    ['of many texts that are allowed', { type: 'string', enum: names }, 1],
  ])('%s is known when the schema is compiled', (_name, props, dearness) => {
    expect(compiled(kindOf({ f: props })).dearness).toBe(dearness);
  });
});
