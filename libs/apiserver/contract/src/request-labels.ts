import type { RequestInfo } from './request.ts';

const verbs: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
};
/** How a request ends whose resource or subresource there may not be: whatever it names may be made up, and is no label. */
export const namesNothing: ReadonlySet<number> = new Set([401, 403, 404, 405]);

const connecting = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** How Kubernetes' metrics name what was asked: `LIST`, `PUT`, `CONNECT`. */
export function verbLabel({ isResource, verb, subresource }: RequestInfo): string {
  if (isResource && connecting.has(subresource)) return 'CONNECT';
  return verbs[verb] ?? verb.toUpperCase();
}

/** Where it asks for it. */
export function scopeLabel({ isResource, name, namespace }: RequestInfo): string {
  if (!isResource) return '';
  if (name !== undefined) return 'resource';
  return namespace === undefined ? 'cluster' : 'namespace';
}
