import type { KubeObject } from '@kubernest/meta';
import { defaultPodSpec } from '../../core/types/pod-spec.defaults.ts';
import { draftOf } from '../../define.ts';
import { ensurePart, fillIn } from '../../draft-fields.ts';

export function replicaSetDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  fillIn(spec, { replicas: 1 });
  defaultPodSpec(ensurePart(ensurePart(spec, 'template'), 'spec'));
}
