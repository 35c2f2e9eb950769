import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { fillIn, partsAt } from '../../draft-fields.ts';

export function endpointSliceDefaults(draft: KubeObject): void {
  for (const port of partsAt(draftOf(draft), 'ports')) fillIn(port, { name: '', protocol: 'TCP' });
}
