import { atOnce, type Json, type StructSchema } from '@kubernest/meta';
import fc from 'fast-check';
import { compileSchema } from './compile-schema.ts';
import { objectMeta } from './object-meta.fixture.ts';
import type { JsonSchemaProps } from './props.ts';

export const compiled = (props: JsonSchemaProps): StructSchema => atOnce(compileSchema(props, { objectMeta }));

/** The schema of a kind with these fields in its spec. */
export const kindOf = (properties: Record<string, JsonSchemaProps>): JsonSchemaProps => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});

/** An object of that kind. */
export const lamp = (spec: Json): { [key: string]: Json } => ({
  apiVersion: 'example.com/v1',
  kind: 'Lamp',
  metadata: { name: 'a' },
  spec,
});

const names = ['a', 'b', 'c', 'kind', 'metadata', '__proto__', 'constructor'];
const name = fc.constantFrom(...names);
const scalar = fc.oneof(fc.constantFrom('', 'a', 'ab', '2024-02-29'), fc.integer({ min: -3, max: 3 }), fc.boolean());

/** Any JSON, with few names so that they often meet those of a schema. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(scalar, fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as Json),
  ),
})).value;

const flags = fc.record(
  { nullable: fc.constant(true), default: anyJson, 'x-kubernetes-preserve-unknown-fields': fc.constant(true) },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonSchemaProps>;

/** Structural schemas, some of whose defaults no API server would take. */
export const anySchema: fc.Arbitrary<JsonSchemaProps> = fc.letrec<{ node: JsonSchemaProps }>((tie) => {
  const properties = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'kind'), tie('node'), { maxKeys: 3 });
  const shape: fc.Arbitrary<JsonSchemaProps> = fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonSchemaProps>(
      { type: 'string', maxLength: 1 },
      { type: 'integer', minimum: 0 },
      { 'x-kubernetes-int-or-string': true },
    ),
    properties.map((members): JsonSchemaProps => ({ type: 'object', properties: members })),
    tie('node').map((items): JsonSchemaProps => ({ type: 'array', items })),
    fc
      .oneof(tie('node'), fc.boolean())
      .map((others): JsonSchemaProps => ({ type: 'object', additionalProperties: others })),
    properties.map(
      (members): JsonSchemaProps => ({
        type: 'object',
        properties: members,
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      }),
    ),
  );
  return { node: fc.tuple(shape, flags).map(([node, more]) => ({ ...node, ...more })) };
}).node;

export const anyKind: fc.Arbitrary<JsonSchemaProps> = anySchema.map((spec) => ({
  type: 'object',
  properties: { spec },
}));
