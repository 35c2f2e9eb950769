import { notFound } from '@kubernest/meta';
import type { MemoryResource } from './resources.ts';

export interface MemoryRequest {
  readonly method: string;
  readonly resource: MemoryResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const pattern =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?$/;

/** Splits a path the way the API does; `namespaces/<name>/finalize` and `/status` are the namespace's own. */
export function parseRequest(
  resources: readonly MemoryResource[],
  call: { readonly method: string; readonly path: string; readonly body?: unknown },
): MemoryRequest {
  const url = new URL(call.path, 'http://memory');
  const own = /^\/api\/v1\/namespaces\/([^/]+)\/(finalize|status)$/.exec(url.pathname);
  const parts: Record<string, string | undefined> | undefined = own
    ? { version: 'v1', resource: 'namespaces', name: own[1], subresource: own[2] }
    : pattern.exec(url.pathname)?.groups;
  const resource = resources.find(
    (r) => r.group === (parts?.group ?? '') && r.version === parts?.version && r.resource === parts?.resource,
  );
  if (!parts || !resource) throw notFound({ group: '', resource: url.pathname });
  return {
    method: call.method,
    resource,
    namespace: parts.namespace,
    name: parts.name && decodeURIComponent(parts.name),
    subresource: parts.subresource ?? '',
    query: url.searchParams,
    body: call.body,
  };
}

/** Discovery documents of the resources, as clients ask for them. */
export function discovery(resources: readonly MemoryResource[], path: string): unknown {
  const versions = [...new Set(resources.map((r) => `${r.group}/${r.version}`))].map(
    (gv) => gv.split('/') as [string, string],
  );
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const groups = versions.filter(([group]) => group !== '');
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.map(([name, version]) => {
        const gv = { groupVersion: `${name}/${version}`, version };
        return { name, versions: [gv], preferredVersion: gv };
      }),
    };
  }
  const [, group = '', version] = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
  const own = resources.filter((r) => r.group === group && r.version === version);
  if (own.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: own.map((r) => ({
      name: r.resource,
      kind: r.kind,
      namespaced: r.namespaced,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    })),
  };
}
