import type { KubeObject } from '@kubernest/meta';

/** What a bookmark shows of a kind: how far the watch has come, and whether that is the end of what it began with. */
export function bookmarkObject(
  { kind, apiVersion }: { readonly kind: string; readonly apiVersion: string },
  resourceVersion: string,
  initialEventsEnd: boolean,
): KubeObject {
  const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  return { kind, apiVersion, metadata: { resourceVersion, ...annotations } };
}
