import type { SubresourceCall } from '@kubernest/apiserver/contract';

export interface ProxyPath {
  /** Up to and with `/proxy`, for links that lead through it. */
  readonly prefix: string;
  /** What follows, as it was sent: encoding and a slash at the end matter to applications. Empty or begins with a slash. */
  readonly rest: string;
}

/** Counted in segments, as the request's meaning was: a namespace, a pod and a path of the application may all be called `proxy`. */
export function proxyPath({ request: { path }, info }: Pick<SubresourceCall, 'request' | 'info'>): ProxyPath {
  const segments = [...path.matchAll(/[^/]+/g)];
  const last = segments[segments.length - info.rest.length - 1]!;
  const end = last.index + last[0].length;
  // Two slashes at the beginning would make another host of it.
  return { prefix: path.slice(0, end).replace(/^\/+/, '/'), rest: path.slice(end) };
}
