import type { CallAnswer } from '@kubernest/apiserver/dialer';
import type { DiscoveredResource, DiscoveredSubresource } from '@kubernest/definitions';
import { apiVersionOf, isObject, type JsonObject, type Steps } from '@kubernest/meta';
import type { GroupVersion } from '../backend.ts';
import { documentIn } from './document-in.ts';

const listOf = (version: string) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
/** With one answer for all of a server's group-versions, where it can. */
export const acceptAggregated = `${listOf('v2')},${listOf('v2beta1')}`;

export const isAggregated = ({ status, headers }: Pick<CallAnswer, 'status' | 'headers'>): boolean =>
  status === 200 &&
  /;\s*g=apidiscovery\.k8s\.io\b/.test(headers['content-type'] ?? '') &&
  /;\s*as=APIGroupDiscoveryList\b/.test(headers['content-type'] ?? '');

/**
 * What an `APIGroupDiscoveryList` says of one group-version; of any other nothing is believed. compat: nothing where it names it not. Throws
 * where it is none.
 */
export function* resourcesInGroups(
  body: Buffer,
  { group, version }: GroupVersion,
): Steps<readonly DiscoveredResource[]> {
  const list = yield* parsed(body, 'APIGroupDiscoveryList');
  const own = objects(list['items']).find(({ metadata }) => isObject(metadata) && metadata['name'] === group);
  const found = objects(own?.['versions']).find((each) => each['version'] === version);
  const resources: DiscoveredResource[] = [];
  for (const resource of objects(found?.['resources'])) {
    const below = subresources(objects(resource['subresources']), { group, version });
    resources.push({ ...resourceOf(resource, { group, version }), ...below });
    yield;
  }
  return resources;
}

function resourceOf(from: JsonObject, gv: GroupVersion): DiscoveredResource {
  return {
    resource: text(from['resource']),
    responseKind: kindOf(from['responseKind'], gv),
    scope: from['scope'] === 'Namespaced' ? 'Namespaced' : 'Cluster',
    singularResource: text(from['singularResource']),
    verbs: texts(from['verbs']),
    ...namesOf(from),
  };
}

function subresources(all: readonly JsonObject[], gv: GroupVersion) {
  const subresources = all.map((each) => ({
    subresource: text(each['subresource']),
    responseKind: kindOf(each['responseKind'], gv),
    verbs: texts(each['verbs']),
  }));
  return subresources.length > 0 ? { subresources } : {};
}

/** The same of an `APIResourceList`, which every server has. Throws where it is none, or another group-version's. */
export function* resourcesInList(body: Buffer, gv: GroupVersion): Steps<readonly DiscoveredResource[]> {
  const list = yield* parsed(body, 'APIResourceList');
  if (list['groupVersion'] !== apiVersionOf(gv))
    throw new Error(`it is of ${JSON.stringify(list['groupVersion'])} and not of ${apiVersionOf(gv)}`);
  const found = new Map<string, DiscoveredResource & { subresources?: DiscoveredSubresource[] }>();
  const all = objects(list['resources']).map((each) => ({ each, path: text(each['name']).split('/') }));
  const scopeOf = (each: JsonObject) => (each['namespaced'] === true ? 'Namespaced' : 'Cluster');
  const kindIn = (each: JsonObject) => kindOf(each, gv);
  for (const { each, path } of all) {
    if (path.length > 1) continue;
    const singularResource = text(each['singularName']);
    const resource = {
      resource: path[0]!,
      responseKind: kindIn(each),
      scope: scopeOf(each),
      singularResource,
    } as const;
    found.set(path[0]!, { ...resource, verbs: texts(each['verbs']), ...namesOf(each) });
    yield;
  }
  for (const { each, path } of all) {
    const [resource = '', ...rest] = path;
    if (rest.length === 0) continue;
    // compat: of a subresource whose resource is not told of there is one without verbs.
    const alone = { resource, responseKind: { group: '', version: '', kind: '' }, singularResource: '', verbs: [] };
    const parent = found.getOrInsertComputed(resource, () => ({ ...alone, scope: scopeOf(each) }));
    parent.subresources ??= [];
    parent.subresources.push({ subresource: rest.join('/'), responseKind: kindIn(each), verbs: texts(each['verbs']) });
    yield;
  }
  return [...found.values()];
}

function kindOf(from: unknown, gv: GroupVersion) {
  const { group, version, kind } = (isObject(from) ? from : {}) as JsonObject;
  // Who does not say which version of a kind it is means his own.
  return text(version) === ''
    ? { group: gv.group, version: gv.version, kind: text(kind) }
    : { group: text(group), version: text(version), kind: text(kind) };
}

function namesOf(from: JsonObject): Partial<Pick<DiscoveredResource, 'shortNames' | 'categories'>> {
  const [shortNames, categories] = [texts(from['shortNames']), texts(from['categories'])];
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
}

function* parsed(body: Buffer, kind: string): Steps<JsonObject> {
  const document = yield* documentIn(body);
  if (!isObject(document) || document['kind'] !== kind) throw new Error(`it is no ${kind}`);
  return document;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
