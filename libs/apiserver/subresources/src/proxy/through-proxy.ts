export interface Way {
  /** The path of the proxy, without a slash at its end. */
  readonly prefix: string;
  /** `host:port` of the application. */
  readonly own: string;
  /** The `Host` under which the client asked. */
  readonly asked: string;
}

/** A link from the root of the application, as a link through the proxy; any other stays as it is. */
export function throughProxy(url: string, { prefix, own, asked }: Way): string {
  const [, scheme = '', host, path = url] = /^((?:https?:)?)\/\/([^/?#]*)(.*)/is.exec(url) ?? [];
  if (host !== undefined && host !== own && host !== asked) return url;
  if (!path.startsWith('/') && (host === undefined || path !== '')) return url;
  const origin = host === undefined || host === own ? '' : `${scheme}//${host}`;
  return origin + (path.startsWith(prefix) ? path : prefix + (path || '/'));
}
