import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { partAt } from '../../draft-fields.ts';
import { defaultPodOnly, defaultPodSpec } from '../types/pod-spec.defaults.ts';

export function podDefaults(draft: KubeObject): void {
  const spec = partAt(draftOf(draft), 'spec');
  defaultPodSpec(spec);
  defaultPodOnly(spec);
}
