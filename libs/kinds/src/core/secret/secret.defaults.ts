import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';

export function secretDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  if (!record.type) record.type = 'Opaque';
}
