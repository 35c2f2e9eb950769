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

/** Why no structural schema can be made of it, in one sentence; undefined when it can. Linear, in steps. */
export function* unsupportedKeyword(root: JsonSchemaProps): Steps<string | undefined> {
  const rests = new Rests();
  const left = [root];
  for (let props = left.pop(); props !== undefined; props = left.pop()) {
    if (rests.isDue()) yield;
    const why = whyUnsupported(props);
    if (why !== undefined) return why;
    for (const child of childrenOf(props)) left.push(child);
  }
  return undefined;
}

function whyUnsupported(props: JsonSchemaProps): string | undefined {
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
