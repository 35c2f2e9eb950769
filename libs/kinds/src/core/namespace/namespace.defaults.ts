import { draftOf, ensurePart } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

/** Every namespace carries its name as a label, so that selectors can name namespaces. */
export function namespaceDefaults(draft: KubeObject): void {
  const { name } = draft.metadata;
  if (!name) return;
  ensurePart(ensurePart(draftOf(draft), 'metadata'), 'labels')['kubernetes.io/metadata.name'] = name;
}
