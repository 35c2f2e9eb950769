import type { Informer } from '@kubernest/client';
import { type KubeObject, keyOf, type Steps, selects } from '@kubernest/meta';
import { meaning } from './matching.ts';
import type { Owner } from './ownership.ts';

/** Owners that could adopt this orphan. */
export function* orphanOwners(orphan: KubeObject, owners: Informer<Owner & KubeObject>): Steps<readonly string[]> {
  const { deletionTimestamp, labels, namespace } = orphan.metadata;
  if (deletionTimestamp || !labels) return [];
  const selectorOf = (owner: Owner) => owner.spec?.selector;
  const isMeant = (owner: Owner) => selects(selectorOf(owner), labels);
  return (yield* meaning(owners.list(namespace), { selectorOf, isMeant })).map(keyOf);
}
