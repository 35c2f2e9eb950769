import type { RequestInfo } from './request.ts';

const verbs: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
};
/** How a request ends whose resource or subresource there may not be: whatever it names may be made up, and is no label. */
export const namesNothing: ReadonlySet<number> = new Set([401, 403, 404, 405]);

const connecting = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** Whatever else an HTTP method may be called is one thing: clients make names up. */
const known = new Set(['DELETE', 'DELETECOLLECTION', 'GET', 'LIST', 'PATCH', 'POST', 'PROXY', 'PUT', 'WATCH']);

/** How Kubernetes' metrics name what was asked: `LIST`, `PUT`, `CONNECT`, `other`. */
export function verbLabel({ isResource, verb, subresource }: RequestInfo): string {
  if (isResource && connecting.has(subresource)) return 'CONNECT';
  if (verb === 'head') return 'GET';
  const label = verbs[verb] ?? verb.toUpperCase();
  return known.has(label) ? label : 'other';
}

/** Where it asks for it. */
export function scopeLabel({ isResource, name, namespace }: RequestInfo): string {
  if (!isResource) return '';
  if (name !== undefined) return 'resource';
  return namespace === undefined ? 'cluster' : 'namespace';
}
