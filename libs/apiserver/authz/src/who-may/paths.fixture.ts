import { type ApiResponse, isOf, type Subresource } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import type { ResourceDefinition } from '@kubernest/definitions';
import { otherNamespace, ownNamespace, type Question } from './people.fixture.ts';

const subresources = builtinSubresources({
  dialer: cutOffDialer(),
  tokens: { audiences: [], issue: () => Promise.reject(new Error('not asked here')) },
});

/** What lies below an object of a kind, `status` included. */
function subresourcesOf(definition: ResourceDefinition) {
  const own: readonly Pick<Subresource, 'name' | 'verbs' | 'connects'>[] = subresources.filter((each) =>
    isOf(each, definition),
  );
  return definition.statusSubresource ? [...own, { name: 'status', verbs: ['get', 'update', 'patch'] }] : own;
}

export type Outcome = 'forbidden' | 'nowhere' | 'no such method' | 'served' | 'fault';

/** An answer by what it says of the path. Whether an object is there, or a body is right, is no matter here. */
export function outcomeOf(answer: ApiResponse): Outcome {
  if (answer.kind !== 'bytes') return 'served';
  const text = Buffer.concat(answer.body).toString();
  if (answer.status === 403 && /cannot \w+ resource/.test(text)) return 'forbidden';
  if (answer.status === 404 && /could not find the requested resource|page not found/.test(text)) return 'nowhere';
  if (answer.status === 405) return 'no such method';
  return answer.status >= 500 ? 'fault' : 'served';
}

export const root = ({ group, version }: ResourceDefinition) =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
const scopes = [undefined, ownNamespace, otherNamespace];
export const inScope = (scope: string | undefined) => (scope === undefined ? '' : `/namespaces/${scope}`);

/** A request and what is to be said to whoever may send it. */
export interface Row extends Question {
  readonly served: Outcome;
  /** What has to be allowed as well. */
  readonly also?: string;
}

const verbsOfMethods = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
} as const;
type Method = keyof typeof verbsOfMethods;
const methods = Object.keys(verbsOfMethods) as Method[];
const writes = (method: Method) => (verbsOfMethods[method] === 'get' ? '' : '?dryRun=All');
export const selectsOne = 'fieldSelector=metadata.name%3Done';

/** Every path of a kind, in every scope, with every method: what Kubernetes routes there. */
export function rowsOf(definition: ResourceDefinition): readonly Row[] {
  return scopes.flatMap((scope) => [
    ...collectionRows(definition, scope),
    ...objectRows(definition, scope),
    ...watchRows(definition, scope),
    ...[...subresourcesOf(definition), { name: 'nothing', verbs: [] }].flatMap((sub) =>
      subresourceRows(definition, scope, sub),
    ),
  ]);
}

function about({ group, plural }: ResourceDefinition, scope: string | undefined, name?: string) {
  // compat: a Namespace is authorized as being in itself.
  const namespace = scope ?? (plural === 'namespaces' && group === '' ? name : undefined);
  return { group, resource: plural, subresource: '', namespace, name };
}

const isOfScope = ({ namespaced }: ResourceDefinition, scope: string | undefined): boolean =>
  namespaced === (scope !== undefined);
export const has = ({ verbs }: ResourceDefinition, verb: string): boolean =>
  (verbs as readonly string[]).includes(verb);

function collectionRows(definition: ResourceDefinition, scope: string | undefined): readonly Row[] {
  const path = `${root(definition)}${inScope(scope)}/${definition.plural}`;
  const everywhere = definition.namespaced && scope === undefined;
  const exists = isOfScope(definition, scope) || (everywhere && has(definition, 'list'));
  const served = (verb: string): Outcome => {
    if (!exists) return 'nowhere';
    const reads = verb === 'list' || verb === 'watch';
    return has(definition, verb) && (reads || !everywhere) ? 'served' : 'no such method';
  };
  const row = (line: string, verb: string, name?: string): Row => ({
    ...about(definition, scope),
    ...{ line, verb, name, served: served(verb) },
  });
  return [
    row(`GET ${path}`, 'list'),
    row(`GET ${path}?watch=1`, 'watch'),
    ...['', '?watch=1'].map((query) => ({
      ...row(`HEAD ${path}${query}`, query ? 'watch' : 'list'),
      served: exists ? ('no such method' as const) : ('nowhere' as const),
    })),
    row(`GET ${path}?${selectsOne}`, 'list', 'one'),
    row(`GET ${path}?watch=1&${selectsOne}`, 'watch', 'one'),
    row(`POST ${path}?dryRun=All`, 'create'),
    row(`DELETE ${path}?dryRun=All`, 'deletecollection'),
    row(`DELETE ${path}?dryRun=All&${selectsOne}`, 'deletecollection'),
    { ...row(`PUT ${path}?dryRun=All`, 'update'), served: exists ? 'no such method' : 'nowhere' },
    { ...row(`PATCH ${path}?dryRun=All`, 'patch'), served: exists ? 'no such method' : 'nowhere' },
  ];
}

const hasObjects = (definition: ResourceDefinition): boolean =>
  ['get', 'update', 'patch', 'delete'].some((verb) => has(definition, verb));

function objectRows(definition: ResourceDefinition, scope: string | undefined): readonly Row[] {
  const path = `${root(definition)}${inScope(scope)}/${definition.plural}/one`;
  const exists = isOfScope(definition, scope) && hasObjects(definition);
  return methods.map((method) => {
    const verb = verbsOfMethods[method];
    const served = method !== 'POST' && method !== 'HEAD' && has(definition, verb) ? 'served' : 'no such method';
    const also = method === 'PUT' && definition.allowCreateOnUpdate ? 'create' : undefined;
    const base = { ...about(definition, scope, 'one'), verb, line: `${method} ${path}${writes(method)}` };
    return { ...base, served: exists ? served : 'nowhere', ...(exists && also ? { also } : {}) };
  });
}

/** `/watch/` before the path, of all and of one. */
function watchRows(definition: ResourceDefinition, scope: string | undefined): readonly Row[] {
  const path = `${root(definition)}/watch${inScope(scope)}/${definition.plural}`;
  const canBe = has(definition, 'watch');
  const rows = (line: string, exists: boolean, name?: string): readonly Row[] =>
    methods.map((method) => ({
      ...about(definition, scope, name),
      ...{ verb: 'watch', line: `${method} ${line}${writes(method)}` },
      served: !exists ? 'nowhere' : method === 'GET' ? 'served' : 'no such method',
    }));
  const ofScope = isOfScope(definition, scope);
  return [...rows(path, canBe && (ofScope || definition.namespaced)), ...rows(`${path}/one`, canBe && ofScope, 'one')];
}

function subresourceRows(
  definition: ResourceDefinition,
  scope: string | undefined,
  { name: subresource, verbs, connects }: ReturnType<typeof subresourcesOf>[number],
): readonly Row[] {
  const { plural } = definition;
  const path = `${inScope(scope)}/${plural}/one/${subresource}`;
  const exists = isOfScope(definition, scope) && verbs.length > 0;
  const passesOn = connects === 'proxy';
  return methods.flatMap((method): Row[] => {
    const verb = verbsOfMethods[method];
    const base = { ...about(definition, scope, 'one'), subresource, verb };
    // compat: below a Namespace, what is no part of it is a resource in it.
    const below = (rest: string) =>
      plural === 'namespaces' && scope === undefined && !['status', 'finalize'].includes(subresource)
        ? []
        : [`${method} ${root(definition)}${path}${rest}${writes(method)}`];
    const served = passesOn || (verbs.includes(verb) && method !== 'HEAD') ? 'served' : 'no such method';
    const session = exists && connects === 'session' && served === 'served' && verb !== 'create';
    const also = session ? { also: 'create' } : {};
    return [
      ...below('').map((line): Row => ({ ...base, line, served: exists ? served : 'nowhere', ...also })),
      ...below('/more').map((line): Row => ({ ...base, line, served: exists && passesOn ? 'served' : 'nowhere' })),
      {
        ...base,
        ...{ verb: 'watch', line: `${method} ${root(definition)}/watch${path}${writes(method)}`, served: 'nowhere' },
        ...(plural === 'namespaces' && scope === undefined && below('').length === 0
          ? { resource: subresource, subresource: '', name: undefined }
          : {}),
      },
    ];
  });
}
