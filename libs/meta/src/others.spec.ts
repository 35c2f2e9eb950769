import { expect, it } from 'vitest';
import type { StructSchema } from './schema.ts';
import { decodeBySchema } from './schema-decode.ts';
import { badRequest } from './status-error.ts';

const schema: StructSchema = {
  type: 'struct',
  fields: { a: { schema: { type: 'integer' } } },
  others: { type: 'string' },
};
const options = { kind: 'K', version: 'v1', collectUnknown: true, told: { as: 'read', refuse: badRequest } } as const;

it('members that a struct does not name are what it says of others', () => {
  expect(decodeBySchema(schema, { a: 1, b: 'x' }, options)).toEqual({ value: { a: 1, b: 'x' }, unknown: [] });
  expect(() => decodeBySchema(schema, { b: 1 }, options)).toThrow('cannot unmarshal number');
});
