import { append, isObject, type Json, ownValue, Rests, type Steps } from '@kubernest/meta';
import type { JsonSchemaProps } from '../props.ts';
import { type OpenApiSchema, published } from './published.ts';
import { withoutUnions } from './without-unions.ts';

/** What every object has, as the same document's other kinds have it; `metadata` refers to ObjectMeta. */
export interface OfEveryObject {
  readonly apiVersion: OpenApiSchema;
  readonly kind: OpenApiSchema;
  readonly metadata: OpenApiSchema;
}

/**
 * The definition of a kind in OpenAPI v3. `props` is structural, or undefined: then nothing is known but that it is an object. Linear in the
 * schema, in steps.
 */
export function* openApiV3(props: JsonSchemaProps | undefined, common: OfEveryObject): Steps<OpenApiSchema> {
  if (!props) return { type: 'object' };
  const schema = yield* published(props, new Rests());
  schema['properties'] = { ...(schema['properties'] as OpenApiSchema | undefined), ...common };
  yield* tellEmbedded(schema, common, 'v3');
  return schema;
}

/**
 * The same in OpenAPI v2, as clients read it that know no alternatives. compat: of a kind that keeps what it does not know nothing is told, or kubectl
 * would refuse the rest.
 */
export function* openApiV2(props: JsonSchemaProps | undefined, common: OfEveryObject): Steps<OpenApiSchema> {
  if (!props || props['x-kubernetes-preserve-unknown-fields']) return { type: 'object' };
  const schema = yield* published(props, new Rests());
  yield* withoutUnions(schema);
  schema['properties'] = { ...(schema['properties'] as OpenApiSchema | undefined), ...common };
  yield* tellEmbedded(schema, common, 'v2');
  return schema;
}

/** Objects within have of every object what they must have. */
function* tellEmbedded(root: OpenApiSchema, common: OfEveryObject, version: 'v2' | 'v3'): Steps<void> {
  const rests = new Rests();
  const left: Json[] = [root];
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    if (rests.isDue()) yield;
    if (!isObject(schema)) continue;
    const { properties, items, additionalProperties } = schema;
    if (isObject(properties)) append(left, Object.values(properties));
    left.push(items ?? null, additionalProperties ?? null);
    const isSilent = version === 'v2' && schema['x-kubernetes-preserve-unknown-fields'] === true;
    if (schema['x-kubernetes-embedded-resource'] === true && !isSilent) tellResource(schema, common);
  }
}

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const descriptions = {
  apiVersion: `apiVersion defines the versioned schema of this representation of an object. More info: ${conventions}#resources`,
  kind: `kind is a string value representing the type of this object. In CamelCase. More info: ${conventions}#types-kinds`,
};

function tellResource(schema: OpenApiSchema, { apiVersion, kind, metadata }: OfEveryObject): void {
  schema['properties'] = {
    ...(ownValue(schema, 'properties') as OpenApiSchema | undefined),
    apiVersion: { ...apiVersion, description: descriptions.apiVersion },
    kind: { ...kind, description: descriptions.kind },
    metadata,
  };
  const required = (schema['required'] as string[] | undefined) ?? [];
  schema['required'] = [...required, ...['kind', 'apiVersion'].filter((name) => !required.includes(name))];
}
