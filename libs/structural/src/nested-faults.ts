import { type FieldError, fieldForbidden } from '@kubernest/meta';
import { childOf } from './field-path.ts';
import { defaultOf, entriesOf, isZero, itemsOf, type JsonSchemaProps } from './props.ts';
import type { SchemaWalk } from './schema-walk.ts';

/** Where the form integer-or-string may name types. */
interface IntOrStringAt {
  readonly anyOf: boolean;
  readonly firstAnyOf: boolean;
}

const nowhere: IntOrStringAt = { anyOf: false, firstAnyOf: false };

/** Visits the conditions that a schema combines: they may check a value, but say nothing about the shape of it. */
export function visitJunctors(walk: SchemaWalk, props: JsonSchemaProps, path: string, exempt: IntOrStringAt): void {
  const at = (junctor: string, schemas: readonly JsonSchemaProps[] | undefined, isExempt = false): void => {
    for (const [i, schema] of (schemas ?? []).entries())
      walk.later(() =>
        visitNested(walk, schema, childOf(path, `${junctor}[${i}]`), { anyOf: isExempt && i === 0, firstAnyOf: false }),
      );
  };
  if (!exempt.anyOf) at('anyOf', props.anyOf);
  at('allOf', props.allOf, exempt.firstAnyOf);
  at('oneOf', props.oneOf);
  const { not } = props;
  if (not) walk.later(() => visitNested(walk, not, childOf(path, 'not'), nowhere));
}

function visitNested(walk: SchemaWalk, props: JsonSchemaProps, path: string, exempt: IntOrStringAt): void {
  walk.pattern(props, path);
  walk.report(nestedFaults(props, path));
  visitJunctors(walk, props, path, exempt);
  const items = itemsOf(props);
  if (items) walk.later(() => visitNested(walk, items, childOf(path, 'items'), nowhere));
  for (const [name, member] of entriesOf(props.properties))
    walk.later(() => visitNested(walk, member, childOf(path, `properties[${name}]`), nowhere));
}

const forbidden: readonly (readonly [keyof JsonSchemaProps, string])[] = [
  ['type', 'must be empty to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
];
const forbiddenLists: readonly (keyof JsonSchemaProps)[] = ['x-kubernetes-list-map-keys', 'x-kubernetes-validations'];
const forbiddenAtAll: readonly (keyof JsonSchemaProps)[] = ['x-kubernetes-list-type', 'x-kubernetes-map-type'];

function nestedFaults(props: JsonSchemaProps, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const forbid = (keyword: string, why: string): unknown => faults.push(fieldForbidden(childOf(path, keyword), why));
  for (const [keyword, why] of forbidden) if (!isZero(props[keyword])) forbid(keyword, why);
  for (const keyword of forbiddenLists)
    if ((props[keyword] as readonly unknown[] | undefined)?.length) forbid(keyword, 'must be empty to be structural');
  for (const keyword of forbiddenAtAll)
    if (props[keyword] !== undefined) forbid(keyword, 'must be undefined to be structural');
  if (props.additionalProperties) forbid('additionalProperties', 'must be undefined to be structural');
  if (defaultOf(props) !== undefined) forbid('default', 'must be undefined to be structural');
  if (entriesOf(props.properties).some(([name]) => name === 'metadata'))
    forbid('properties[metadata]', 'must not be specified in a nested context');
  return faults;
}
