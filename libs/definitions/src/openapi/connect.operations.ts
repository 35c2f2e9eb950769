import type { StructSchema } from '@kubernest/meta';
import type { SubresourceInfo } from '../discovery-documents/index.ts';
import { operationId, title } from './names.ts';
import { anything, base, type Method, type Operation, objectMedia, type Place } from './operation.ts';
import * as params from './parameters.ts';

const verbMethods: readonly (readonly [verb: string, methods: readonly Method[]])[] = [
  ['get', ['get']],
  ['update', ['put']],
  ['patch', ['patch']],
  ['delete', ['delete']],
  ['create', ['post']],
];

/** What leads to a container, a node or a Service: its options are a query. */
export function connectOperations(place: Place, path: string, subresource: SubresourceInfo): Operation[] {
  const { name } = subresource;
  const operations = (at: string, suffix: string, more: readonly params.Parameter[]) =>
    methodsOf(subresource).map((method) => connect(place, subresource, { path: at, method, suffix, more }));
  if (name !== 'proxy') return operations(path, '', []);
  return [...operations(path, '', []), ...operations(`${path}/{path}`, 'WithPath', [params.proxiedPath])];
}

function methodsOf({ name, verbs }: SubresourceInfo): readonly Method[] {
  const methods = verbMethods.flatMap(([verb, named]) => (verbs.includes(verb) ? named : []));
  return name === 'proxy' ? [...methods, 'head', 'options'] : methods;
}

interface Connection {
  readonly path: string;
  readonly method: Method;
  readonly suffix: string;
  readonly more: readonly params.Parameter[];
}

function connect(place: Place, { name, options }: SubresourceInfo, at: Connection): Operation {
  const { definition, noun, scope, findBodyType } = place;
  const { group, version } = definition;
  const schema = options && (findBodyType(group, version, options)?.schema as StructSchema | undefined);
  return {
    ...base(place, at.path, { group, version, kind: options ?? definition.kind }),
    method: at.method,
    action: 'connect',
    description: `connect ${at.method.toUpperCase()} requests to ${name} of ${definition.kind}`,
    id: operationId('connect', definition, `${title(at.method)}${noun}${title(name)}${at.suffix}`),
    parameters: params.mergeParameters(scope, [params.namePath], at.more, schema ? params.optionsQuery(schema) : []),
    answer: 'text',
    media: anything,
  };
}

/** Of a pod: compat: it is read, not connected to. */
export function logOperation(place: Place, path: string): Operation {
  const { definition, noun, scope } = place;
  const options = place.findBodyType('', 'v1', 'PodLogOptions')?.schema as StructSchema | undefined;
  return {
    ...base(place, path, definition),
    method: 'get',
    action: 'get',
    description: `read log of the specified ${definition.kind}`,
    id: operationId('read', definition, `${noun}Log`),
    parameters: params.mergeParameters(
      scope,
      [params.namePath, params.pretty],
      options ? params.optionsQuery(options) : [],
    ),
    answer: 'text',
    media: ['text/plain', ...objectMedia],
  };
}
