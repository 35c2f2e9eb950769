import { draftOf, fillIn, partsAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

export function endpointsDefaults(draft: KubeObject): void {
  for (const subset of partsAt(draftOf(draft), 'subsets'))
    for (const port of partsAt(subset, 'ports')) fillIn(port, { protocol: 'TCP' });
}
