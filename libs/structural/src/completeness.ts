import { fieldRequired, ownValue } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import { entriesOf, itemsOf, type JsonSchemaProps } from './props.ts';
import type { SchemaWalk } from './schema-walk.ts';

/** A condition, and the part of the schema that tells the shape of what it checks. */
interface Pair {
  readonly condition: JsonSchemaProps;
  readonly at: string;
  readonly shape: JsonSchemaProps | undefined;
  readonly shapeAt: string;
}

/** Whatever the conditions of a schema check must have a known shape: faults where it has none. */
export const completenessOf = (walk: SchemaWalk, shape: JsonSchemaProps, path: string): void =>
  visitConditions(walk, { condition: shape, at: path, shape, shapeAt: path });

function visitConditions(walk: SchemaWalk, { condition, at, shape, shapeAt }: Pair): void {
  const visitAt = (inner: JsonSchemaProps, where: string): void =>
    walk.later(() => visitCondition(walk, { condition: inner, at: childOf(at, where), shape, shapeAt }));
  if (condition.not) visitAt(condition.not, 'not');
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const)
    for (const [i, inner] of (condition[junctor] ?? []).entries()) visitAt(inner, `${junctor}[${i}]`);
}

function visitCondition(walk: SchemaWalk, pair: Pair): void {
  const { condition, at, shape, shapeAt } = pair;
  if (shape === undefined) {
    walk.report([fieldRequired(shapeAt, `because it is defined in ${at}`)]);
    return;
  }
  visitConditions(walk, pair);
  const deeper = (inner: JsonSchemaProps, of: JsonSchemaProps | undefined, where: string): void =>
    walk.later(() =>
      visitCondition(walk, {
        condition: inner,
        at: childOf(at, where),
        shape: of,
        shapeAt: childOf(shapeAt, where),
      }),
    );
  const items = itemsOf(condition);
  if (items) deeper(items, itemsOf(shape), 'items');
  for (const [name, member] of entriesOf(condition.properties))
    deeper(member, ownValue(shape.properties, name), `properties[${name}]`);
}
