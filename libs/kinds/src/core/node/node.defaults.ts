import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { partAt } from '../../draft-fields.ts';

/** A node that keeps nothing back can give away all it has. */
export function nodeDefaults(draft: KubeObject): void {
  const status = partAt(draftOf(draft), 'status');
  const capacity = partAt(status, 'capacity');
  if (status && capacity) status.allocatable = { ...capacity, ...partAt(status, 'allocatable') };
}
