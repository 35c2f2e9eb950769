import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { ensurePart, fillIn, partsAt } from '../../draft-fields.ts';
import { rbacGroup } from './binding.validation.ts';

export function bindingDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  const roleRef = ensurePart(record, 'roleRef');
  if (!roleRef.apiGroup) roleRef.apiGroup = rbacGroup;
  for (const subject of partsAt(record, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') fillIn(subject, { apiGroup: rbacGroup });
  }
}
