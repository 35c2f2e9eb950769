import { type ApiRequest, nonResourceInfo, type RequestInfo } from '@kubernest/apiserver/contract';
import { type FieldRequirement, parseFieldSelector, pinnedValue, queryFlag, withoutEnd } from '@kubernest/meta';

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const pathVerbs = new Set(['watch', 'proxy']);
const selecting = new Set(['list', 'watch', 'deletecollection']);
/** Parts of a namespace itself, not resources in it. */
const namespaceParts = new Set(['status', 'finalize']);

/** What a method and path ask for, as Kubernetes reads them. Unknown paths are non-resource requests. */
export function parseRequestInfo(request: Pick<ApiRequest, 'method' | 'path' | 'query'>): RequestInfo {
  const parts = splitPath(request.path);
  const head = parts[0];
  const offset = head === 'api' ? 1 : head === 'apis' ? 2 : 0;
  // `/api/v1` and `/apis/apps/v1` are discovery, not resources.
  if (offset === 0 || parts.length < offset + 2)
    return nonResourceInfo({ verb: request.method.toLowerCase(), path: request.path });
  const group = head === 'apis' ? parts[1]! : '';
  const info = resource(request, { group, version: parts[offset]!, rest: parts.slice(offset + 1) });
  return request.path.includes('//') ? withEmptyParts(info, parts) : info;
}

/** compat: slashes around a path mean nothing; between two of them there is a part, if an empty one. */
function splitPath(path: string): string[] {
  const parts = withoutEnd(path, '/').replace(/^\/+/, '').split('/');
  for (let at = 0; at < parts.length; at++) if (parts[at]!.includes('%')) parts[at] = decode(parts[at]!);
  return parts;
}

/** Whoever is behind a proxy may have empty parts in its paths; of what is read here the namespace alone may be one, and is none then. */
function withEmptyParts(info: RequestInfo, parts: readonly string[]): RequestInfo {
  const empty = parts.slice(0, parts.length - info.rest.length).filter((part) => part === '').length;
  const allowed = info.inNamespace && info.namespace === undefined ? 1 : 0;
  return {
    ...info,
    ...(info.path.startsWith('//') || empty > allowed ? { hasEmptyPart: true } : {}),
    rest: info.rest.filter((part) => part !== ''),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function resource(
  request: Pick<ApiRequest, 'method' | 'path' | 'query'>,
  at: { readonly group: string; readonly version: string; readonly rest: string[] },
): RequestInfo {
  // compat: of other methods nothing is asked but whether everything is allowed.
  let verb = verbs[request.method] ?? '';
  let parts = at.rest;
  // compat: the oldest clients' way to say what they want. Selectors have no say in it.
  const saysVerb = pathVerbs.has(parts[0]!) && parts.length > 1;
  if (saysVerb) {
    verb = parts[0]!;
    parts = parts.slice(1);
  }
  let namespace: string | undefined;
  let inNamespace = false;
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1] || undefined;
    inNamespace = parts.length > 2 && !namespaceParts.has(parts[2]!);
    if (inNamespace) parts = parts.slice(2);
  }
  const [plural = '', said, subresource = '', ...rest] = parts;
  const name = said || undefined;
  if (name === undefined && verb === 'get') verb = queryFlag(request.query.get('watch')) ? 'watch' : 'list';
  else if (name === undefined && verb === 'delete') verb = 'deletecollection';
  const fieldSelector = selecting.has(verb) && !saysVerb ? fieldSelectorOf(request.query) : undefined;
  const pinned = fieldSelector && verb !== 'deletecollection' ? pinnedName(fieldSelector) : undefined;
  return {
    isResource: true,
    verb,
    path: request.path,
    group: at.group,
    version: at.version,
    namespace,
    resource: plural,
    subresource,
    name: name ?? pinned,
    named: name !== undefined,
    ...(saysVerb ? { verbInPath: true } : {}),
    inNamespace,
    ...(fieldSelector ? { fieldSelector } : {}),
    rest,
  };
}

/** compat: only what can be one segment of a path is taken for a name. */
const nameForm = /^(?!\.{1,2}$)[^/%]+$/;

/** A list or watch of `metadata.name=x` is authorized as one object. */
function pinnedName(selector: readonly FieldRequirement[]): string | undefined {
  const name = pinnedValue(selector, 'metadata.name');
  return name !== undefined && nameForm.test(name) ? name : undefined;
}

/** Undefined for what cannot be read: whoever answers the request says why. */
function fieldSelectorOf(query: URLSearchParams): readonly FieldRequirement[] | undefined {
  const text = query.get('fieldSelector');
  if (!text) return undefined;
  try {
    return parseFieldSelector(text);
  } catch {
    return undefined;
  }
}
