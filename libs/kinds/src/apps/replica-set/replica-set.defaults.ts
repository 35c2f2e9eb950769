import type { KubeObject } from '@kubernest/meta';
import { defaultPodSpec } from '../../core/types/pod-spec.defaults.ts';
import { draftOf } from '../../define.ts';
import { fillIn, partAt } from '../../draft-fields.ts';

export function replicaSetDefaults(draft: KubeObject): void {
  const spec = partAt(draftOf(draft), 'spec');
  fillIn(spec, { replicas: 1 });
  defaultPodSpec(partAt(partAt(spec, 'template'), 'spec'));
}
