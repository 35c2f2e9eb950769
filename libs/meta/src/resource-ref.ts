/** Names a resource on the wire: `{group: 'apps', version: 'v1', resource: 'deployments'}`; the core group is ''. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case, as in URLs. */
  readonly resource: string;
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`;
}

/** The group and version in an apiVersion. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** `pods` or `deployments.apps`: how messages and RBAC audit lines name a resource. */
export function qualifiedResource(ref: { readonly group: string; readonly resource: string }): string {
  return ref.group === '' ? ref.resource : `${ref.resource}.${ref.group}`;
}
