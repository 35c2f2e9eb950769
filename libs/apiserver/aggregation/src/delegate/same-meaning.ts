import type { RequestInfo } from '@kubernest/apiserver/contract';

const climbs = /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/;

/** Bytes that were read here one by one, where a backend reads several as one character. */
const notAscii = /[^\x21-\x7e]/;

/**
 * Whether whoever reads the path as URLs are read, as a backend may, finds in it what was authorized here: no step up, nothing between two
 * slashes, and no slash within a name. compat: Kubernetes reads the decoded path, and sends that; what is empty it sends as it came.
 */
export const meansTheSame = ({ path, hasEmptyPart, namespace, resource, subresource, name }: RequestInfo): boolean =>
  !hasEmptyPart &&
  !notAscii.test(path) &&
  !climbs.test(decoded(path)) &&
  ![namespace, resource, subresource, name].some((part) => part?.includes('/'));

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
  }
}
