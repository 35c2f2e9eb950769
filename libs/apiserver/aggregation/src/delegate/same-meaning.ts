import type { RequestInfo } from '@kubernest/apiserver/contract';

const climbs = /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/;

/**
 * Whether whoever reads the path as URLs are read, as a backend may, finds in it what was authorized here: no step up, and no slash within a
 * name. compat: Kubernetes reads the decoded path, and sends that.
 */
export const meansTheSame = ({ path, namespace, resource, subresource, name }: RequestInfo): boolean =>
  !climbs.test(decoded(path)) && ![namespace, resource, subresource, name].some((part) => part?.includes('/'));

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  }
}
