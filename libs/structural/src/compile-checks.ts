import type { Rests, Steps, ValueChecks, ValueType } from '@kubernest/meta';
import { setKey } from '@kubernest/meta';
import { checkedFormat } from './formats/checked-format.ts';
import { entriesOf, itemsOf, type JsonSchemaProps, othersOf } from './props.ts';
import { lazyPattern } from './regular-expression.ts';

/**
 * What is checked: a resource, or the default of a definition. compat: of a default an integer-or-string may be of any type that its conditions
 * allow, and formats stay that no resource is checked for.
 */
export type Checked = 'resource' | 'default';

type Draft = { -readonly [K in keyof ValueChecks]: ValueChecks[K] };

/** The checks of a schema and of all within. Linear, in steps; as deep as the schema. */
export function* compileChecks(props: JsonSchemaProps, checked: Checked, rests: Rests): Steps<ValueChecks> {
  if (rests.isDue()) yield;
  const checks: Draft = ownChecks(props, checked);
  const inner = (schema: JsonSchemaProps): Steps<ValueChecks> => compileChecks(schema, checked, rests);
  const [items, others] = [itemsOf(props), othersOf(props)];
  if (items) checks.items = yield* inner(items);
  if (others) checks.others = yield* inner(others);
  else if (props.additionalProperties === false) checks.others = false;
  if (props.properties) {
    const properties: Record<string, ValueChecks> = {};
    for (const [name, member] of entriesOf(props.properties)) setKey(properties, name, yield* inner(member));
    checks.properties = properties;
  }
  if (props.not) checks.not = yield* inner(props.not);
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches: ValueChecks[] = [];
    for (const branch of props[junctor] ?? []) branches.push(yield* inner(branch));
    if (branches.length > 0) checks[junctor] = branches;
  }
  return checks;
}

const copied = [
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'multipleOf',
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
  'maxProperties',
  'minProperties',
  'enum',
  'required',
  'nullable',
] as const satisfies readonly (keyof JsonSchemaProps & keyof ValueChecks)[];

function ownChecks(props: JsonSchemaProps, checked: Checked): Draft {
  const checks: Record<string, unknown> = {};
  for (const keyword of copied) if (props[keyword] !== undefined) checks[keyword] = props[keyword];
  const { pattern, type, format } = props;
  if (pattern) checks['pattern'] = lazyPattern(pattern);
  if (props['x-kubernetes-int-or-string'] && checked === 'resource') checks['types'] = ['integer', 'string'];
  else if (type) checks['types'] = [type as ValueType];
  if (format) checks['format'] = checked === 'default' ? format : checkedFormat(format, checks['types'] as string[]);
  return checks as Draft;
}
