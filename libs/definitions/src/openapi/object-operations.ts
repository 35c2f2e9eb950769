import type { StructSchema } from '@kubernest/meta';
import type { SubresourceInfo } from '../discovery-documents/index.ts';
import { operationId, title } from './names.ts';
import { base, type KindWithSchema, type Method, type Operation, type Place } from './operation.ts';
import * as params from './parameters.ts';

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

const verbMethods: readonly (readonly [verb: string, method: Method])[] = [
  ['get', 'get'],
  ['update', 'put'],
  ['patch', 'patch'],
  ['delete', 'delete'],
];

interface ObjectPlace extends Place {
  readonly path: string;
  readonly kind: KindWithSchema;
  readonly verbs: readonly string[];
  /** Of a subresource: `Status`. */
  readonly suffix: string;
}

/** What can be done with one object, or one subresource of it that looks like an object. */
export function objectOperations(place: ObjectPlace): Operation[] {
  const { path, kind, verbs, suffix } = place;
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

export function subresourceOperations(place: Place, subresource: SubresourceInfo): Operation[] {
  const { name, verbs, body } = subresource;
  const path = `${place.collection}/{name}/${name}`;
  if (name in optionKinds || streamed.has(name) || body?.kind.endsWith('Options'))
    return connectOperations(place, path, subresource);
  const kind = body ? place.findBodyType(body.group, body.version, body.kind) : place.definition;
  return kind ? objectOperations({ ...place, path, kind: kind as KindWithSchema, verbs, suffix: title(name) }) : [];
}
