import { expect, it } from 'vitest';
import { fieldInvalid, fieldNotSupported, fieldRequired } from './field-error.ts';
import { decodeBySchema, strictDecodingError } from './schema-decode.ts';
import { type FieldError, invalid, type StatusError } from './status-error.ts';

const MOST_BYTES = 100_000;
const refused = (faults: readonly FieldError[]): StatusError => invalid({ group: '', kind: 'Pod', name: 'x' }, faults);
const bytesOf = (error: StatusError): number => Buffer.byteLength(JSON.stringify(error.toStatus()));
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const long = 'x'.repeat(1e6);
const control = '\u0001'.repeat(1e5);

it.each<[string, FieldError[]]>([
  ['long values', many(500, (i) => fieldInvalid(`spec.a[${i}]`, long, 'must be short'))],
  ['values that are escaped', many(500, (i) => fieldInvalid(`spec.a[${i}]`, `${control}${i}`, control))],
  ['letters of three bytes', many(500, (i) => fieldInvalid(`spec.a[${i}]`, '語'.repeat(9000), 'must be short'))],
  ['long paths', many(500, (i) => fieldRequired(`${long}[${i}]`, String(i)))],
  ['long words', many(500, (i) => fieldInvalid(`a[${i}]`, i, long))],
  ['very many values that would do', many(500, (i) => fieldNotSupported(`a[${i}]`, i, many(20_000, String)))],
])('of 500 faults with %s some are told, and how many there are beside them', (_, faults) => {
  const error = refused(faults);
  const { message = '', details } = error.toStatus();
  expect(bytesOf(error)).toBeLessThan(MOST_BYTES);
  const causes = details?.causes ?? [];
  expect(causes.length).toBeGreaterThan(0);
  if (causes.length > 1) expect(message).toContain(`, and ${500 - causes.length} more]`);
});

it('all of an ordinary number are told', () => {
  const faults = many(200, (i) => fieldRequired(`spec.containers[${i}].name`));
  const { message, details } = refused(faults).toStatus();
  expect(details?.causes).toHaveLength(200);
  expect(message).not.toContain('more');
});

it('what is said twice of a field is told once, and what is missing whoever says so', () => {
  const twice = [fieldInvalid('a', 1, 'odd'), fieldInvalid('a', 1, 'odd'), fieldRequired('b'), fieldRequired('b', 'c')];
  expect(refused(twice).details?.causes?.map(({ field }) => field)).toEqual(['a', 'b']);
});

it('of many values that would do the first are told', () => {
  expect(fieldNotSupported('a', 'z', ['x', 'y']).detail).toBe('supported values: "x", "y"');
  const { detail = '' } = fieldNotSupported(
    'a',
    'z',
    many(60_000, (i) => `value-${i}`),
  );
  const [, told = '', rest] = /^supported values: (.*), and (\d+) more$/.exec(detail) ?? [];
  expect(told.split(', ').length + Number(rest)).toBe(60_000);
  expect(fieldNotSupported('a', 'z', [long, 'y']).detail?.length).toBeLessThan(5000);
});

it('unknown fields under a long key', () => {
  const value = { [long]: Object.fromEntries(many(200, (i) => [`k${i}`, i])) };
  const schema = { type: 'map', values: { type: 'struct', fields: {} } } as never;
  const options = { kind: 'Lamp', version: 'v1', collectUnknown: true };
  const { unknown } = decodeBySchema(schema, value, options);
  expect(unknown).toHaveLength(100);
  expect(bytesOf(strictDecodingError(options, unknown))).toBeLessThan(MOST_BYTES);
});
