import type { KubeObject } from '@kubernest/meta';
import { defaultPodSpec } from '../../core/types/pod-spec.defaults.ts';
import { draftOf } from '../../define.ts';
import { ensurePart, fillIn, partAt } from '../../draft-fields.ts';

export function deploymentDefaults(draft: KubeObject): void {
  const spec = partAt(draftOf(draft), 'spec');
  if (!spec) return;
  fillIn(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = ensurePart(spec, 'strategy');
  fillIn(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate')
    fillIn(ensurePart(strategy, 'rollingUpdate'), { maxSurge: '25%', maxUnavailable: '25%' });
  defaultPodSpec(partAt(partAt(spec, 'template'), 'spec'));
}
