import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { ResourceDefinition } from '../definition.ts';
import { metaSchema } from '../schema/meta-schema.ts';
import { documentParts, loadDescriptions, OpenApiDocuments, openApiV2, openApiV2Protobuf, openApiV3 } from './index.ts';

const subresources = [
  { of: { group: '', resource: 'pods' }, name: 'log', verbs: ['get'] },
  { of: { group: '', resource: 'pods' }, name: 'exec', verbs: ['get', 'create'], options: 'PodExecOptions' },
  {
    of: { group: '', resource: 'pods' },
    name: 'proxy',
    verbs: ['create', 'delete', 'get', 'patch', 'update'],
    options: 'PodProxyOptions',
  },
  {
    of: { group: '', resource: 'pods' },
    name: 'binding',
    verbs: ['create'],
    body: { group: '', version: 'v1', kind: 'Binding' },
  },
];
const options = { version: 'v1.36.0', descriptions: await loadDescriptions() };
const partsOf = (definitions: readonly ResourceDefinition[]) =>
  documentParts({ definitions, findBodyType, subresources, documents: ['/openid/v1/jwks'] });
const v3At = (path: string, definitions: readonly ResourceDefinition[] = builtinKinds): Document =>
  atOnce(openApiV3(partsOf(definitions).find((part) => part.path === path)!, options)) as never;
const v2 = atOnce(openApiV2(partsOf(builtinKinds), options)) as never as Document;
const v3 = v3At('api/v1');

interface Document {
  readonly paths: Record<
    string,
    { readonly [method: string]: Operation } & { readonly parameters?: readonly Parameter[] }
  >;
  readonly definitions: Record<string, Definition>;
  readonly components: { readonly schemas: Record<string, Definition> };
  readonly parameters?: Record<string, Parameter>;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly [key: string]: unknown;
}
interface Parameter {
  readonly name: string;
  readonly $ref?: string;
}
interface Definition {
  readonly properties: Record<string, Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** Every `$ref` of a document. */
function references(value: unknown, into = new Set<string>()): Set<string> {
  if (value === null || typeof value !== 'object') return into;
  for (const [key, inner] of Object.entries(value)) {
    // The schema of schemas has a property of that name.
    if (key === '$ref' && typeof inner === 'string') into.add(inner);
    else references(inner, into);
  }
  return into;
}

/** Every operation, with the names of its parameters and those of its path. */
function operationsIn(document: Document): [method: string, operation: Operation, parameters: string[]][] {
  const name = (parameter: Parameter) => parameter.$ref?.split('/').at(-1) ?? parameter.name;
  return Object.values(document.paths).flatMap(({ parameters = [], ...methods }) =>
    Object.entries(methods).map(([method, operation]): [string, Operation, string[]] => [
      method,
      operation,
      [...(operation.parameters ?? []), ...(parameters as readonly Parameter[])].map(name),
    ]),
  );
}

describe.each([
  ['v2', v2, v2.definitions, '#/definitions/'],
  ['v3', v3, v3.components.schemas, '#/components/schemas/'],
] as const)('OpenAPI %s', (_, document, definitions, prefix) => {
  it('defines all that it refers to, and refers to all that it defines but kinds', () => {
    const all = [...references(document)];
    const referred = all.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
    expect(referred.filter((name) => !(name in definitions))).toEqual([]);
    const shared = all.filter((each) => !each.startsWith(prefix));
    const named = Object.keys(document.parameters ?? {}).map((name) => `#/parameters/${name}`);
    expect(shared.sort()).toEqual(named.sort());
    const loose = Object.keys(definitions).filter((name) => !referred.includes(name));
    expect(loose).toEqual([]);
  });

  it('names the kind of a definition and of every operation', () => {
    const gvk = { group: '', kind: 'Pod', version: 'v1' };
    expect(definitions['io.k8s.api.core.v1.Pod']!['x-kubernetes-group-version-kind']).toEqual([gvk]);
    const item = document.paths['/api/v1/namespaces/{namespace}/pods/{name}']!;
    expect(Object.keys(item).sort()).toEqual(['delete', 'get', 'parameters', 'patch', 'put']);
    expect(item['patch']).toMatchObject({
      operationId: 'patchCoreV1NamespacedPod',
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': gvk,
    });
  });

  it('says on every write that it may be tried without effect and checked strictly', () => {
    const writes = operationsIn(document).filter(([method]) => ['put', 'post', 'patch'].includes(method));
    const bodied = writes.filter(([, op]) => op['x-kubernetes-action'] !== 'connect');
    expect(bodied.length).toBeGreaterThan(20);
    for (const [, { operationId }, names] of bodied)
      expect(names, operationId).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']));
  });

  it('gives no operation id twice', () => {
    const ids = operationsIn(document).map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it('tells how lists are merged and patched', () => {
    expect(definitions['io.k8s.api.core.v1.PodSpec']!.properties['volumes']).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(definitions['io.k8s.api.core.v1.NodeSelector']!['x-kubernetes-map-type']).toBe('atomic');
  });

  it('describes types and fields', () => {
    const pod = definitions['io.k8s.api.core.v1.Pod']!;
    expect(pod['description']).toContain('collection of containers');
    expect(pod.properties['spec']!['description']).toContain('desired behavior');
  });
});

it('lets version 3 say what version 2 cannot', () => {
  const port = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
  expect(v2.definitions[port]).toEqual({ type: 'string', format: 'int-or-string' });
  expect(v3.components.schemas[port]).toEqual({
    format: 'int-or-string',
    oneOf: [{ type: 'string' }, { type: 'integer' }],
  });
  const protocol = 'io.k8s.api.core.v1.ServicePort';
  expect(v2.definitions[protocol]!.properties['protocol']).not.toHaveProperty('default');
  expect(v3.components.schemas[protocol]!.properties['protocol']).toMatchObject({ default: 'TCP' });
});

it('lists what connects, what is logged, and what has a body of another kind', () => {
  const pod = '/api/v1/namespaces/{namespace}/pods/{name}';
  expect(v3.paths[`${pod}/exec`]!['post']).toMatchObject({
    operationId: 'connectCoreV1PostNamespacedPodExec',
    'x-kubernetes-action': 'connect',
  });
  expect(v3.paths[`${pod}/log`]!.parameters!.map(({ name }) => name)).toContain('tailLines');
  expect(v3.paths[`${pod}/binding`]!['post']).toMatchObject({
    'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Binding' },
  });
  expect(v3.paths['/api/v1/pods']!['get']).toMatchObject({ operationId: 'listCoreV1PodForAllNamespaces' });
});

it('describes a CRD like any other kind, its inner structs in place', () => {
  const size = { schema: { type: 'integer', format: 'int32' }, description: 'How large.' } as const;
  const widget: ResourceDefinition = {
    group: 'example.test',
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    singular: 'widget',
    namespaced: true,
    verbs: ['get', 'list', 'create', 'patch'],
    schema: {
      type: 'struct',
      fields: {
        metadata: { schema: metaSchema('ObjectMeta') },
        spec: { schema: { type: 'struct', fields: { size }, preserveUnknownFields: true } },
      },
    },
    example: { metadata: {} },
  };
  const document = v3At('apis/example.test/v1', [...builtinKinds, widget]);
  expect(Object.keys(document.paths)).toContain('/apis/example.test/v1/namespaces/{namespace}/widgets/{name}');
  expect(document.components.schemas['test.example.v1.Widget']!.properties['spec']).toEqual({
    type: 'object',
    properties: { size: { type: 'integer', format: 'int32', description: 'How large.' } },
    'x-kubernetes-preserve-unknown-fields': true,
  });
  expect(document.components.schemas).not.toHaveProperty('io.k8s.api.core.v1.Pod');
});

it('writes version 2 in protobuf so that another reader finds it there', () => {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Any { string yaml = 2; } message NamedAny { string name = 1; Any value = 2; }
    message Schema { string _ref = 1; string description = 4; Properties properties = 25; repeated NamedAny ext = 31; }
    message NamedSchema { string name = 1; Schema value = 2; } message Properties { repeated NamedSchema all = 1; }
    message Query { string name = 4; } message NonBody { Query query = 3; } message Parameter { NonBody non_body = 2; }
    message Item { Parameter parameter = 1; Ref json_reference = 2; } message Ref { string _ref = 1; }
    message NamedParameter { string name = 1; Parameter value = 2; } message Parameters { repeated NamedParameter all = 1; }
    message ApiKey { string name = 2; } message Security { ApiKey key = 2; }
    message NamedSecurity { string name = 1; Security value = 2; } message Securities { repeated NamedSecurity all = 1; }
    message Operation { string operation_id = 5; repeated Item parameters = 8; repeated NamedAny ext = 13; }
    message PathItem { Operation patch = 8; } message NamedPath { string name = 1; PathItem value = 2; }
    message Paths { repeated NamedPath path = 2; }
    message Document { string swagger = 1; Paths paths = 8; Properties definitions = 9; Parameters parameters = 10;
      Securities security = 13; }`);
  const type = root.lookupType('Document');
  const read = type.toObject(type.decode(atOnce(openApiV2Protobuf(v2 as never)))) as Record<string, never>;
  const { swagger, paths, definitions, parameters, security } = read as never as {
    swagger: string;
    paths: { path: { name: string; value: { patch: { parameters: unknown[]; ext: unknown } } }[] };
    definitions: { all: { name: string; value: { ext: unknown } }[] };
    parameters: { all: { name: string; value: unknown }[] };
    security: { all: unknown };
  };
  expect(swagger).toBe('2.0');
  expect(definitions.all.map(({ name }) => name)).toEqual(Object.keys(v2.definitions));
  const yaml = JSON.stringify([{ group: '', kind: 'Pod', version: 'v1' }]);
  const pod = definitions.all.find(({ name }) => name === 'io.k8s.api.core.v1.Pod')!;
  expect(pod.value.ext).toEqual([{ name: 'x-kubernetes-group-version-kind', value: { yaml } }]);
  const patch = paths.path.find(({ name }) => name === '/api/v1/namespaces/{namespace}/pods/{name}')!.value.patch;
  expect(patch.parameters).toContainEqual({ jsonReference: { _ref: '#/parameters/fieldValidation' } });
  const shared = parameters.all.find(({ name }) => name === 'fieldValidation')!;
  expect(shared.value).toEqual({ nonBody: { query: { name: 'fieldValidation' } } });
  expect(security.all).toEqual([{ name: 'BearerToken', value: { key: { name: 'authorization' } } }]);
});

it('keeps a document until definitions change, and names it by its content', async () => {
  let definitions = builtinKinds;
  const documents = new OpenApiDocuments({
    definitions: () => definitions,
    subresources: [],
    findBodyType,
    version: 'v1.36.0',
  });
  const first = (await documents.v3('api/v1'))!;
  expect(await documents.v3('api/v1')).toBe(first);
  expect(await documents.v3('apis/nothing.test/v1')).toBeUndefined();
  const index = JSON.parse((await documents.index()).bytes.toString()) as { paths: Record<string, unknown> };
  expect(index.paths['api/v1']).toEqual({ serverRelativeURL: `/openapi/v3/api/v1?hash=${first.hash}` });
  const v2 = await documents.v2();
  definitions = builtinKinds.filter(({ kind }) => kind !== 'Deployment');
  expect(await documents.v3('api/v1')).toBe(first);
  expect((await documents.v2()).hash).not.toBe(v2.hash);
  definitions = definitions.filter(({ kind }) => kind !== 'Pod');
  expect((await documents.v3('api/v1'))!.hash).not.toBe(first.hash);
});

describe('a field’s text', () => {
  const schemas = Object.assign(
    {},
    ...['api/v1', 'apis/apps/v1', 'apis/coordination.k8s.io/v1', 'apis/events.k8s.io/v1'].map(
      (path) => v3At(path).components.schemas,
    ),
  ) as Components['components']['schemas'];

  it.each([
    ['io.k8s.api.apps.v1.RollingUpdateDeployment', 'maxSurge', 'scheduled above the desired number'],
    ['io.k8s.api.apps.v1.RollingUpdateDeployment', 'maxUnavailable', 'can be unavailable during the update'],
    ['io.k8s.api.core.v1.ServicePort', 'targetPort', 'to access on the pods'],
    ['io.k8s.api.core.v1.HTTPGetAction', 'port', 'port to access on the container'],
    ['io.k8s.api.core.v1.Event', 'eventTime', 'first observed'],
    ['io.k8s.api.coordination.v1.LeaseSpec', 'renewTime', 'last updated the lease'],
    ['io.k8s.api.core.v1.ConfigMapList', 'items', 'list of ConfigMaps'],
  ])('of %s.%s is its own', (type, field, text) => {
    expect(schemas[type]?.properties?.[field]?.description).toContain(text);
  });

  it('is never its type’s', () => {
    const told = Object.entries(schemas).flatMap(([type, { properties = {} }]) =>
      Object.entries(properties).map(([field, { description = '' }]) => `${type}.${field}: ${description}`),
    );
    expect(
      told.filter((text) =>
        /: (IntOrString is a type|MicroTime is version|Quantity is a fixed|Time is a wrapper)/.test(text),
      ),
    ).toEqual([]);
    expect(told.length).toBeGreaterThan(500);
  });

  it('is there for the items of every list', () => {
    const lists = Object.entries(schemas).filter(([type]) => type.endsWith('List'));
    expect(lists.filter(([, { properties }]) => properties?.['items'] && !properties['items'].description)).toEqual([]);
  });
});

interface Components {
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: Record<string, { readonly description?: string }> }>;
  };
}
