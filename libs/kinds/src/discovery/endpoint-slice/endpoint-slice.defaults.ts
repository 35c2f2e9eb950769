import { draftOf, fillIn, partsAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';

export function endpointSliceDefaults(draft: KubeObject): void {
  for (const port of partsAt(draftOf(draft), 'ports')) fillIn(port, { name: '', protocol: 'TCP' });
}
