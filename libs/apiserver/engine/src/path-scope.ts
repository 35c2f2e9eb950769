import type { ResourceDefinition } from '@kubernest/kinds';
import type { RequestInfo } from './contract/index.ts';

const verbsOfOne: readonly string[] = ['get', 'update', 'patch', 'delete'];

/** Whether a kind stands behind a path. Where none does, nothing is served, whoever asks and whatever the method. */
export function isServedAt(
  { verb, named = false, inNamespace = false, subresource }: RequestInfo,
  { namespaced, verbs }: Pick<ResourceDefinition, 'namespaced' | 'verbs'>,
): boolean {
  // compat: nobody serves `/proxy/` before the resource any more.
  if (verb === 'proxy' || (verb === 'watch' && subresource !== '')) return false;
  if (inNamespace !== namespaced && (inNamespace || named || !verbs.includes('list'))) return false;
  return !named || verbs.some((each) => verbsOfOne.includes(each));
}
