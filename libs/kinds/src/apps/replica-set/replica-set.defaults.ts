import { draftOf, ensurePart, fillIn } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { defaultPodSpec } from '../../core/types/pod-spec.defaults.ts';

export function replicaSetDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  fillIn(spec, { replicas: 1 });
  defaultPodSpec(ensurePart(ensurePart(spec, 'template'), 'spec'));
}
