import { apiVersionOf, type ResourceRef } from '@kubernest/meta';
import type { ListOptions, ObjectKey, WatchOptions, WriteOptions } from './client.ts';

/** `/api/v1/namespaces/default/pods` or `/apis/apps/v1/deployments`. */
export function collectionPath(ref: ResourceRef, namespace?: string): string {
  const root = ref.group === '' ? '/api' : '/apis';
  const scope = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}/${apiVersionOf(ref)}${scope}/${ref.resource}`;
}

export function objectPath(ref: ResourceRef, key: ObjectKey, subresource?: string): string {
  if (key.name === '') throw new Error(`the name of a ${ref.resource} object must not be empty`);
  const path = `${collectionPath(ref, key.namespace)}/${encodeURIComponent(key.name)}`;
  return subresource ? `${path}/${subresource}` : path;
}

type QueryValue = string | number | boolean | undefined;

/** `path?a=1&b=2` without what is undefined or empty. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

export function listQuery(options: ListOptions): Record<string, QueryValue> {
  const { labelSelector, fieldSelector, limit, resourceVersion } = options;
  return { labelSelector, fieldSelector, limit, resourceVersion, continue: options.continue };
}

export function watchQuery(options: WatchOptions): Record<string, QueryValue> {
  const { allowBookmarks, timeoutSeconds } = options;
  return { watch: true, ...listQuery(options), allowWatchBookmarks: allowBookmarks || undefined, timeoutSeconds };
}

export function writeQuery(options: WriteOptions & { readonly force?: boolean }): Record<string, QueryValue> {
  return {
    dryRun: options.dryRun ? 'All' : undefined,
    fieldManager: options.fieldManager,
    force: options.force || undefined,
  };
}
