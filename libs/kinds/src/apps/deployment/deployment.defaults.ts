import { draftOf, ensurePart, fillIn } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { defaultPodSpec } from '../../core/types/pod-spec.defaults.ts';

export function deploymentDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  fillIn(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = ensurePart(spec, 'strategy');
  fillIn(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate')
    fillIn(ensurePart(strategy, 'rollingUpdate'), { maxSurge: '25%', maxUnavailable: '25%' });
  defaultPodSpec(ensurePart(ensurePart(spec, 'template'), 'spec'));
}
