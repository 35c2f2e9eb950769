import { expect, it } from 'vitest';
import { holding, lamps, rooted, ruled, version, warningsOf } from './definition.fixture.ts';

const odd = {
  a: { type: 'string', format: 'foo' },
  b: { type: 'string', format: 'date-time' },
  c: { type: 'integer', format: 'int8' },
  d: { type: 'object', format: 'date' },
  e: { type: 'string', format: 'k8s-short-name' },
  f: { 'x-kubernetes-preserve-unknown-fields': true, format: 'email' },
  g: { type: 'number', format: 'int32' },
  h: { type: 'array', items: { type: 'string', format: 'foo' } },
  i: { 'x-kubernetes-int-or-string': true, format: 'int32' },
};

it('people are told of formats that nobody checks, once each', () => {
  expect([...warningsOf(rooted({ properties: odd }))].sort()).toEqual(
    ['date', 'foo', 'int32', 'int8'].map((format) => `unrecognized format "${format}"`),
  );
});

it('but of those only that are new', () => {
  const { a, c } = odd;
  expect(warningsOf(rooted({ properties: { a, c } }), rooted({ properties: { b: a } }))).toEqual([
    'unrecognized format "int8"',
  ]);
});

const notEnforced = (i: number): string =>
  `spec.versions[${i}].schema.openAPIV3Schema: x-kubernetes-validations are not enforced by this server yet`;

it('people are told that rules are not enforced, in each version that has some', () => {
  const { spec } = ruled({ rule: 'true' }) as { spec: { versions: [{ schema: object }] } };
  const [{ schema }] = spec.versions;
  expect(warningsOf(lamps({ versions: [version('v1'), version('v2', { schema })] }))).toEqual([notEnforced(1)]);
});

it.each([
  ['again with another schema', ruled({ rule: 'false' }), [notEnforced(0)]],
  ['not again with the same', ruled({ rule: 'true' }), []],
  ['not of a schema without', holding({ type: 'string' }), []],
])('%s', (_, next, warnings) => {
  expect(warningsOf(next, ruled({ rule: 'true' }))).toEqual(warnings);
});
