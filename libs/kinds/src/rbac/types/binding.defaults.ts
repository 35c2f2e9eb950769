import { draftOf, ensurePart, fillIn, partsAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { rbacGroup } from './binding.validation.ts';

export function bindingDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  const roleRef = ensurePart(record, 'roleRef');
  if (!roleRef.apiGroup) roleRef.apiGroup = rbacGroup;
  for (const subject of partsAt(record, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') fillIn(subject, { apiGroup: rbacGroup });
  }
}
