import type { KubeObject } from '@kubernest/meta';

/** What informers of metadata keep of an object: who follows every object there is needs none of the fields' managers, who are most of it. */
export function keptMetadata<T extends KubeObject>({ metadata }: T): T {
  const { managedFields: _, ...rest } = metadata as typeof metadata & { readonly managedFields?: unknown };
  return Object.freeze({ metadata: Object.freeze(rest) }) as T;
}
