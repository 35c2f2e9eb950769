import { Rests, type Steps } from '@kubernest/meta';
import { entriesOf, isZero, itemsOf, type JsonSchemaProps, othersOf } from './props.ts';

/** What JSON Schema knows and no custom resource may use. */
const unsupported: readonly (readonly [keyof JsonSchemaProps, string])[] = [
  ['id', 'id'],
  ['$schema', 'schema'],
  ['$ref', '$ref'],
  ['patternProperties', 'patternProperties'],
  ['dependencies', 'dependencies'],
  ['additionalItems', 'additionalItems'],
  ['definitions', 'definitions'],
];

/** Deeper schemas are refused: what compiles and checks them calls itself once a level. Kubernetes has no bound but that of its parser. */
export const MOST_SCHEMA_LEVELS = 300;

interface Level {
  readonly props: JsonSchemaProps;
  readonly depth: number;
}

/** Why no structural schema can be made of it, in one sentence; undefined when it can. Linear, in steps. */
export function* unsupportedKeyword(root: JsonSchemaProps): Steps<string | undefined> {
  const rests = new Rests();
  const left: Level[] = [{ props: root, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const depth = next.depth + 1;
    if (depth > MOST_SCHEMA_LEVELS) return `OpenAPIV3Schema is nested deeper than ${MOST_SCHEMA_LEVELS} levels`;
    const why = whyUnsupported(next.props);
    if (why !== undefined) return why;
    for (const props of childrenOf(next.props)) left.push({ props, depth });
  }
  return undefined;
}

/** The same, of this schema without those within. */
export function whyUnsupported(props: JsonSchemaProps): string | undefined {
  for (const [keyword, told] of unsupported)
    if (isUsed(keyword, props[keyword])) return `OpenAPIV3Schema '${told}' is not supported`;
  if (props['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(props.items) && props.items.length > 0)
    return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  return undefined;
}

/** compat: an empty map of schemas is as good as none, a `false` about items is not. */
function isUsed(keyword: string, value: unknown): boolean {
  if (keyword === 'additionalItems') return value !== undefined && value !== null;
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : !isZero(value);
}

/** Every schema right within this one, first last. */
function childrenOf(props: JsonSchemaProps): readonly JsonSchemaProps[] {
  const { not, allOf = [], anyOf = [], oneOf = [], properties } = props;
  const members = entriesOf(properties).map(([, member]) => member);
  const single = [othersOf(props), itemsOf(props)].filter((schema) => schema !== undefined);
  return [...single, ...members, ...oneOf, ...anyOf, ...allOf, ...(not ? [not] : [])];
}
