import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { fillIn, partAt, partsAt } from '../../draft-fields.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

export function bindingDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  const roleRef = partAt(record, 'roleRef');
  if (roleRef && !roleRef.apiGroup) roleRef.apiGroup = rbacGroup;
  for (const subject of partsAt(record, 'subjects')) {
    if (subject.kind === 'User' || subject.kind === 'Group') fillIn(subject, { apiGroup: rbacGroup });
  }
}
