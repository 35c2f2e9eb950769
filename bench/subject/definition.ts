/** A group that no other part of the bench uses. */
export const declaredGroup = 'bench.example.com';

interface Schema {
  readonly type: string;
  readonly [keyword: string]: unknown;
}

/** Some 200 lines as YAML: ten parts of an application, each with bounds, patterns, defaults and a list that is a map. */
function schema(): Schema {
  const part = (): Schema => ({
    type: 'object',
    required: ['image'],
    properties: {
      image: { type: 'string', maxLength: 200, pattern: '^[a-z0-9./:-]+$' },
      replicas: { type: 'integer', minimum: 0, maximum: 1000, default: 1 },
      policy: { type: 'string', enum: ['Always', 'Never'], default: 'Always' },
      ports: {
        type: 'array',
        maxItems: 16,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, port: { type: 'integer' } },
        },
      },
    },
  });
  const parts = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, part()]));
  return { type: 'object', properties: { spec: { type: 'object', properties: parts } } };
}

/** A CustomResourceDefinition of its own plural in the bench's group. */
export function definition(plural: string): object {
  const kind = plural[0]!.toUpperCase() + plural.slice(1);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${declaredGroup}` },
    spec: {
      group: declaredGroup,
      scope: 'Namespaced',
      names: { plural, kind, listKind: `${kind}List`, singular: plural.toLowerCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema() } }],
    },
  };
}

/** An object of such a kind, with every part said and every default left to the server. */
export function declaredObject(plural: string, name: string): object {
  const part = (i: number): object => ({
    image: `registry.example.com/team/app-${i}:1.42.0`,
    ports: [
      { name: 'http', port: 8080 },
      { name: 'metrics', port: 9090 },
    ],
  });
  return {
    apiVersion: `${declaredGroup}/v1`,
    kind: plural[0]!.toUpperCase() + plural.slice(1),
    metadata: { name },
    spec: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, part(i)])),
  };
}

export const declaredPath = (plural: string, namespace: string): string =>
  `/apis/${declaredGroup}/v1/namespaces/${namespace}/${plural}`;
