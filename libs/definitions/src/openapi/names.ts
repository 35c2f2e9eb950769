import { apiVersionOf, type Schema } from '@kubernest/meta';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The name of a kind's definition: its type's own, or for a CRD the group turned round: `test.example.v1.Widget`. */
export function definitionName(
  type: GroupVersionKind & { readonly schema: Schema; readonly customSchema?: object },
): string {
  // A custom kind's is not asked: it is compiled when it is.
  if (!type.customSchema && type.schema.type === 'struct' && type.schema.name) return type.schema.name;
  return [...type.group.split('.').reverse(), type.version, type.kind].filter(Boolean).join('.');
}

/** `/api/v1` or `/apis/apps/v1`. */
export function rootPath(gv: { readonly group: string; readonly version: string }): string {
  return gv.group === '' ? `/api/${gv.version}` : `/apis/${apiVersionOf(gv)}`;
}

function title(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** How a group is spoken in operation ids: `Core`, `Apps`, `RbacAuthorization`, `ExampleTest`. */
export function groupTitle(group: string): string {
  return group === '' ? 'Core' : title(group.replace(/\.k8s\.io$/, ''));
}

/** `core_v1`, `rbacAuthorization_v1`: clients sort operations by it. */
export function tagOf({ group, version }: { readonly group: string; readonly version: string }): string {
  const name = groupTitle(group);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${version}`;
}

/** `createCoreV1NamespacedPodBinding`. */
export function operationId(verb: string, type: GroupVersionKind, rest: string): string {
  return `${verb}${groupTitle(type.group)}${title(type.version)}${rest}`;
}

export { title };
