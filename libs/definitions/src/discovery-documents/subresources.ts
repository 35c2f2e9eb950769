import type { ResourceDefinition } from '../definition.ts';

/** A subresource as discovery and OpenAPI see it; the API server's own `Subresource` is one. */
export interface SubresourceInfo {
  readonly of: { readonly group: string; readonly resource: string };
  readonly name: string;
  /** `get`, `create`, `update`, `patch`, `delete`. */
  readonly verbs: readonly string[];
  /** The kind it takes or answers; without one, its resource's own. */
  readonly body?: { readonly group: string; readonly version: string; readonly kind: string };
  /** The kind of the options that it takes in its query, where it leads to a container, a node or a Service: `PodExecOptions`. */
  readonly options?: string;
}

const changing = ['get', 'patch', 'update'];
const scaleBody = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** All subresources of a definition by name: what the server adds, and what the definition itself implies. */
export function subresourcesOf(
  definition: ResourceDefinition,
  added: readonly SubresourceInfo[],
): readonly SubresourceInfo[] {
  const of = { group: definition.group, resource: definition.plural };
  const found = new Map<string, SubresourceInfo>();
  if (definition.statusSubresource) found.set('status', { of, name: 'status', verbs: changing });
  if (definition.scale) found.set('scale', { of, name: 'scale', verbs: changing, body: scaleBody });
  for (const subresource of added)
    if (subresource.of.group === of.group && subresource.of.resource === of.resource)
      found.set(subresource.name, subresource);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What discovery says that it takes or answers. */
export function kindOfSubresource(
  { group, version, kind }: ResourceDefinition,
  { body, options }: SubresourceInfo,
): NonNullable<SubresourceInfo['body']> {
  return body ?? { group, version, kind: options ?? kind };
}
