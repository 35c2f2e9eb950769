/**
 * The token of an `Authorization` header; undefined where it holds none, empty where it means to hold one that cannot be read: Kubernetes
 * takes a second space before a token for no token, and warns.
 */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  // compat: what follows the token is nobody's business.
  const [scheme, token] = (authorization ?? '').trim().split(' ');
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}
