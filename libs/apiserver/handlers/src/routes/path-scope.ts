import type { RequestInfo } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';

const verbsOfOne: readonly string[] = ['get', 'update', 'patch', 'delete'];

/** compat: HEAD, by its verb a `get`, is served by proxies alone. */
export const routedMethods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Whether a kind stands behind a path. Where none does, nothing is served, whoever asks and whatever the method. */
export function isServedAt(
  { verb, verbInPath = false, named = false, inNamespace = false, subresource }: RequestInfo,
  { namespaced, verbs }: Pick<ResourceDefinition, 'namespaced' | 'verbs'>,
): boolean {
  // compat: `/watch/` stands before what can be watched, and nobody serves `/proxy/` before a resource any more.
  if (verbInPath && (verb === 'proxy' || subresource !== '' || !verbs.includes('watch'))) return false;
  if (inNamespace !== namespaced && (inNamespace || named || !verbs.includes('list'))) return false;
  return !named || verbs.some((each) => verbsOfOne.includes(each));
}
