import type { Schema, StructSchema } from '@kubernest/meta';
import type { FindBodyType, ResourceDefinition } from '../definition.ts';
import { type SubresourceInfo, subresourcesOf } from '../discovery-documents/index.ts';
import { type GroupVersionKind, operationId, rootPath, tagOf, title } from './names.ts';
import * as params from './parameters.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
export type KindWithSchema = GroupVersionKind & { readonly schema: Schema };
export type Payload =
  | { readonly kind: KindWithSchema }
  | { readonly list: KindWithSchema }
  | { readonly meta: string }
  | 'text';

/** One operation, told so that either version of OpenAPI can be written from it. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly tag: string;
  readonly type: GroupVersionKind;
  readonly parameters: readonly params.Parameter[];
  readonly body?: Payload | 'patch';
  readonly answer: Payload;
  readonly created?: boolean;
  readonly accepted?: boolean;
}

interface Place {
  readonly definition: ResourceDefinition;
  readonly collection: string;
  readonly scope: readonly params.Parameter[];
  /** `NamespacedPod` or `Node`. */
  readonly noun: string;
  readonly findBodyType: FindBodyType;
}

const verbWords: Readonly<Record<string, string>> = {
  post: 'create',
  get: 'read',
  put: 'replace',
  patch: 'patch',
  delete: 'delete',
};
const optionKinds: Readonly<Record<string, string>> = {
  log: 'PodLogOptions',
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
};
const streamed = new Set(['exec', 'attach', 'portforward', 'proxy']);

function base(place: Place, path: string, type: GroupVersionKind) {
  return { path, type: { group: type.group, version: type.version, kind: type.kind }, tag: tagOf(place.definition) };
}

function collectionOperations(place: Place): Operation[] {
  const { definition, collection, scope, noun } = place;
  const common = base(place, collection, definition);
  const operations: Operation[] = [];
  const parameters = (...sets: readonly (readonly params.Parameter[])[]) =>
    params.mergeParameters(scope, [params.pretty], ...sets);
  if (definition.verbs.includes('list'))
    operations.push({
      ...common,
      method: 'get',
      action: 'list',
      id: operationId('list', definition, noun),
      parameters: parameters(params.listQuery),
      answer: { list: definition },
    });
  if (definition.verbs.includes('create'))
    operations.push({
      ...common,
      method: 'post',
      action: 'post',
      id: operationId('create', definition, noun),
      parameters: parameters(params.writeQuery),
      body: { kind: definition },
      answer: { kind: definition },
      created: true,
      accepted: true,
    });
  if (definition.verbs.includes('deletecollection'))
    operations.push({
      ...common,
      method: 'delete',
      action: 'deletecollection',
      id: operationId('delete', definition, `Collection${noun}`),
      parameters: parameters(params.listQuery, params.deleteQuery),
      body: { meta: 'DeleteOptions' },
      answer: { meta: 'Status' },
    });
  return operations;
}

const verbMethods: readonly (readonly [verb: string, method: Method])[] = [
  ['get', 'get'],
  ['update', 'put'],
  ['patch', 'patch'],
  ['delete', 'delete'],
];

/** What can be done with one object, or one subresource of it that looks like an object. */
function objectOperations(
  place: Place,
  path: string,
  kind: KindWithSchema,
  verbs: readonly string[],
  suffix: string,
): Operation[] {
  const scope = [...place.scope, params.namePath];
  const queries = {
    get: [],
    put: params.writeQuery,
    patch: params.patchQuery,
    delete: params.deleteQuery,
    post: params.writeQuery,
  };
  const methods = suffix ? [...verbMethods, ['create', 'post'] as const] : verbMethods;
  return methods
    .filter(([verb]) => verbs.includes(verb))
    .map(([, method]) => ({
      ...base(place, path, kind),
      method,
      action: method,
      id: operationId(verbWords[method]!, place.definition, place.noun + suffix),
      parameters: params.mergeParameters(scope, [params.pretty], queries[method]),
      ...(method === 'put' || method === 'post' ? { body: { kind } } : {}),
      ...(method === 'patch' && { body: 'patch' as const }),
      ...(method === 'delete' && { body: { meta: 'DeleteOptions' }, accepted: true }),
      answer: method === 'delete' ? { meta: 'Status' } : { kind },
      created: method !== 'get' && method !== 'delete',
    }));
}

function connectOperations(place: Place, path: string, { name, verbs, body }: SubresourceInfo): Operation[] {
  const { definition, noun } = place;
  const optionKind = optionKinds[name] ?? body?.kind ?? `${definition.kind}ProxyOptions`;
  const options = place.findBodyType('', 'v1', optionKind)?.schema as StructSchema | undefined;
  const query = options ? params.optionsQuery(options) : [];
  const type = {
    group: definition.group,
    version: definition.version,
    kind: streamed.has(name) ? optionKind : definition.kind,
  };
  const methods: Method[] = verbMethods.flatMap(([verb, method]) => (verbs.includes(verb) ? method : []));
  if (verbs.includes('create')) methods.push('post');
  return methods.map((method) => ({
    ...base(place, path, type),
    method,
    action: streamed.has(name) ? 'connect' : method,
    id: streamed.has(name)
      ? operationId('connect', definition, `${title(method)}${noun}${title(name)}`)
      : operationId(verbWords[method]!, definition, noun + title(name)),
    parameters: params.mergeParameters([...place.scope, params.namePath], query),
    answer: 'text' as const,
  }));
}

function subresourceOperations(place: Place, subresource: SubresourceInfo): Operation[] {
  const { name, verbs, body } = subresource;
  const path = `${place.collection}/{name}/${name}`;
  if (name in optionKinds || streamed.has(name) || body?.kind.endsWith('Options'))
    return connectOperations(place, path, subresource);
  const kind = body ? place.findBodyType(body.group, body.version, body.kind) : place.definition;
  return kind ? objectOperations(place, path, kind as KindWithSchema, verbs, title(name)) : [];
}

/** Beside definitions: what else is served, and what its bodies are. */
export interface Surroundings {
  readonly subresources: readonly SubresourceInfo[];
  readonly findBodyType: FindBodyType;
}

/** Every operation of a definition and its subresources. */
export function operationsOf(
  definition: ResourceDefinition,
  { subresources, findBodyType }: Surroundings,
): readonly Operation[] {
  const root = rootPath(definition);
  const { namespaced, plural, kind } = definition;
  const place: Place = {
    definition,
    findBodyType,
    collection: namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`,
    scope: namespaced ? [params.namespacePath] : [],
    noun: namespaced ? `Namespaced${kind}` : kind,
  };
  const everywhere = { ...place, collection: `${root}/${plural}`, scope: [], noun: `${kind}ForAllNamespaces` };
  const verbs = definition.verbs.filter((verb) => verb !== 'create');
  return [
    ...collectionOperations(place),
    ...(namespaced ? collectionOperations(everywhere).filter(({ action }) => action === 'list') : []),
    ...objectOperations(place, `${place.collection}/{name}`, definition, verbs, ''),
    ...subresourcesOf(definition, subresources).flatMap((subresource) => subresourceOperations(place, subresource)),
  ];
}
