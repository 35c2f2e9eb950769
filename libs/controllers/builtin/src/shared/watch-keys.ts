import type { Informer } from '@kubernest/client';
import { type KubeObject, keyOf, selects } from '@kubernest/meta';
import type { Owner } from './ownership.ts';

/** Owners that could adopt this orphan. */
export function orphanOwners(orphan: KubeObject, owners: Informer<Owner & KubeObject>): readonly string[] {
  if (orphan.metadata.deletionTimestamp || !orphan.metadata.labels) return [];
  return owners
    .list(orphan.metadata.namespace)
    .filter((owner) => selects(owner.spec?.selector, orphan.metadata.labels))
    .map(keyOf);
}
