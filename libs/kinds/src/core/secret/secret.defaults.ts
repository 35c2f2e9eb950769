import { draftOf } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

export function secretDefaults(draft: KubeObject): void {
  const record = draftOf(draft);
  if (!record.type) record.type = 'Opaque';
}
