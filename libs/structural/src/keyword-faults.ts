import { type FieldError, fieldForbidden, fieldInvalid, fieldNotSupported, type Steps } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import { listFaults } from './list-faults.ts';
import { defaultOf, entriesOf, itemsOf, type JsonSchemaProps, othersOf } from './props.ts';
import { ruleFaults } from './rule-faults.ts';
import { SchemaWalk } from './schema-walk.ts';
import { wrongType } from './wrong-type.ts';

/** What the place of a schema forbids. */
interface Place {
  readonly path: string;
  readonly isRoot?: boolean;
  readonly insideMetadata?: boolean;
  /** Why there may be no default. */
  readonly noDefault?: string;
}

/**
 * What Kubernetes refuses in a schema whether or not it is structural: keywords that nobody may use, types and list types that do not go
 * together, keys of lists that an item may lack. What a rule in CEL says is not looked at. Linear in the schema, in steps.
 */
export function keywordFaults(root: JsonSchemaProps, path: string): Steps<FieldError[]> {
  const walk = new SchemaWalk();
  walk.later(() => visit(walk, root, { path, isRoot: true }));
  return walk.sorted();
}

function visit(walk: SchemaWalk, props: JsonSchemaProps, place: Place): void {
  const { path } = place;
  walk.report(standardFaults(props, place), mapFaults(props, path), listFaults(props, path), ruleFaults(props, path));
  const below: Place = { path, insideMetadata: place.insideMetadata, noDefault: place.noDefault };
  const at = (schema: JsonSchemaProps | undefined, where: string, more?: Partial<Place>): void => {
    if (schema) walk.later(() => visit(walk, schema, { ...below, ...more, path: childOf(path, where) }));
  };
  const inMap = { noDefault: 'inside additionalProperties applying to object metadata' };
  at(othersOf(props), 'additionalProperties', place.insideMetadata ? inMap : undefined);
  for (const [name, member] of entriesOf(props.properties))
    at(member, `properties[${name}]`, insideMetadata(props, place, name));
  at(props.not, 'not');
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [i, schema] of (props[junctor] ?? []).entries()) at(schema, `${junctor}[${i}]`);
  for (const [name, schema] of entriesOf(props.definitions)) at(schema, `definitions[${name}]`);
  at(itemsOf(props), 'items');
  if (Array.isArray(props.items)) for (const [i, schema] of props.items.entries()) at(schema, `items[${i}]`);
  for (const [name, schema] of Object.entries(props.dependencies ?? {}))
    if (!Array.isArray(schema)) at(schema as JsonSchemaProps, `dependencies[${name}]`);
}

function insideMetadata(props: JsonSchemaProps, { isRoot }: Place, name: string): Partial<Place> | undefined {
  if (!(isRoot || props['x-kubernetes-embedded-resource'])) return undefined;
  if (!['metadata', 'kind', 'apiVersion'].includes(name)) return undefined;
  return isRoot ? { insideMetadata: true, noDefault: `in top-level ${name}` } : { insideMetadata: true };
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Keyword → what a fault calls it; each is refused when it is there at all. */
const refused: Readonly<Partial<Record<keyof JsonSchemaProps, (value: unknown) => boolean>>> = {
  id: (value) => value !== '',
  additionalItems: () => true,
  patternProperties: (value) => Object.keys(value as object).length > 0,
  definitions: (value) => Object.keys(value as object).length > 0,
  dependencies: () => true,
  $ref: () => true,
};

function standardFaults(props: JsonSchemaProps, { path, noDefault, insideMetadata: inside }: Place): FieldError[] {
  const faults: FieldError[] = [];
  const forbid = (keyword: string, why: string): unknown => faults.push(fieldForbidden(childOf(path, keyword), why));
  if (props.type && !types.includes(props.type))
    faults.push(fieldNotSupported(childOf(path, 'type'), props.type, types));
  if (defaultOf(props) !== undefined && noDefault !== undefined) forbid('default', `must not be set ${noDefault}`);
  for (const [keyword, isUsed] of Object.entries(refused)) {
    const value = props[keyword as keyof JsonSchemaProps];
    if (value !== undefined && value !== null && isUsed(value)) forbid(keyword, `${keyword} is not supported`);
  }
  if (props.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(props.items) && props.items.length > 0)
    forbid('items', 'items must be a schema object and not an array');
  if (inside && props['x-kubernetes-embedded-resource'])
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  if (props.uniqueItems)
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  if (props['x-kubernetes-preserve-unknown-fields'] === false)
    faults.push(
      fieldInvalid(childOf(path, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'),
    );
  return faults;
}

function mapFaults(props: JsonSchemaProps, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const { additionalProperties: others, 'x-kubernetes-map-type': mapType } = props;
  if (others !== undefined && others !== null && others !== true && entriesOf(props.properties).length > 0)
    faults.push(
      fieldForbidden(childOf(path, 'additionalProperties'), 'additionalProperties and properties are mutual exclusive'),
    );
  if (mapType === undefined) return faults;
  faults.push(...wrongType(props, path, { type: 'object', keyword: 'x-kubernetes-map-type' }));
  if (mapType !== 'atomic' && mapType !== 'granular')
    faults.push(fieldNotSupported(childOf(path, 'x-kubernetes-map-type'), mapType, ['atomic', 'granular']));
  return faults;
}
