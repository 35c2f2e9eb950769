import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { fillIn, partsAt } from '../../draft-fields.ts';

export function endpointsDefaults(draft: KubeObject): void {
  for (const subset of partsAt(draftOf(draft), 'subsets'))
    for (const port of partsAt(subset, 'ports')) fillIn(port, { protocol: 'TCP' });
}
