import { draftOf, ensurePart } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { defaultPodOnly, defaultPodSpec } from '../types/pod-spec.defaults.ts';

export function podDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  defaultPodSpec(spec);
  defaultPodOnly(spec);
}
