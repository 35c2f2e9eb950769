import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOfNew } from './field-added.ts';
import { compareFields } from './field-compare.ts';
import type { Json } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';
import type { JsonObject } from './value.ts';

const scalar = fc.oneof(fc.constantFrom('', 'x', 'y'), fc.integer({ min: 0, max: 2 }), fc.constant(null));
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('tree'), { maxKeys: 3 }),
  ) as fc.Arbitrary<Json>,
}));
const sparse = <T>(fields: Record<string, fc.Arbitrary<T>>) => fc.record(fields, { requiredKeys: [] });
const port = sparse<Json>({
  containerPort: fc.integer({ min: 1, max: 2 }),
  protocol: fc.constant('UDP'),
  name: scalar,
});
const container = sparse<Json>({
  name: fc.constantFrom('a', 'b'),
  image: scalar,
  args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
  ports: fc.array(port as fc.Arbitrary<Json>, { maxLength: 3 }),
  resources: sparse<Json>({ limits: fc.constantFrom<Json>({}, { cpu: '1' }) }) as fc.Arbitrary<Json>,
});
const widget = sparse<Json>({
  apiVersion: fc.constant('v1'),
  metadata: sparse<Json>({
    name: scalar,
    labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constant('x'), { maxKeys: 2 }) as fc.Arbitrary<Json>,
    finalizers: fc.array(fc.constantFrom('p', 'q'), { maxLength: 3 }),
  }) as fc.Arbitrary<Json>,
  spec: sparse<Json>({
    replicas: scalar,
    selector: fc.constantFrom<Json>({}, { matchLabels: { a: 'b' } }),
    strategy: fc.constantFrom<Json>({}, { type: 'x', rolling: { surge: 1 } }),
    containers: fc.array(container as fc.Arbitrary<Json>, { maxLength: 3 }),
    free: tree,
  }) as fc.Arbitrary<Json>,
  status: fc.constantFrom<Json>({}, { ready: 1 }),
  unknown: tree,
});

describe('the fields of a new object', () => {
  it('are those that a comparison with nothing finds added', () => {
    fc.assert(
      fc.property(widget, (object) => {
        expect(fieldsOfNew(widgetSchema, object as JsonObject)).toEqual(
          compareFields(widgetSchema, {}, object as Json).added,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same set where objects have the same fields, whatever their values', () => {
    const podOf = (image: string) => ({
      metadata: { labels: { a: image } },
      spec: { containers: [{ name: 'a', image }] },
    });
    expect(fieldsOfNew(widgetSchema, podOf('x'))).toBe(fieldsOfNew(widgetSchema, podOf('y')));
    expect(fieldsOfNew(widgetSchema, { spec: { containers: [{ name: 'b', image: 'x' }] } })).not.toEqual(
      fieldsOfNew(widgetSchema, { spec: { containers: [{ name: 'a', image: 'x' }] } }),
    );
  });
});
