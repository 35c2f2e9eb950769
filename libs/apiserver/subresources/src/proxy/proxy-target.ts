import { badRequest } from '@kubernest/meta';

export interface ProxyTarget {
  /** As it was asked for. */
  readonly id: string;
  readonly security: 'none' | 'unverified';
  readonly name: string;
  /** A number or a name; empty where none was given. */
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. Throws 400 for anything else. */
export function parseTarget(kind: 'node' | 'pod' | 'service', id: string): ProxyTarget {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length > 2 ? parts : ['', ...parts];
  const valid = parts.length <= 3 && name && (scheme === '' || scheme === 'http' || scheme === 'https');
  if (!valid) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { id, security: scheme === 'https' ? 'unverified' : 'none', name, port: port ?? '' };
}
