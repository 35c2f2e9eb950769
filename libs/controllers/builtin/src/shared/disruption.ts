import type { ControllerContext } from '@kubernest/controllers/engine';
import type { Pod } from '@kubernest/kinds';
import { wireTime } from '@kubernest/meta';
import { refs } from './refs.ts';

export interface Disruption {
  readonly reason: string;
  readonly message: string;
}

/** Before a pod is deleted by the control plane its status says why, and that it failed where no kubelet will say so any more. */
export async function markDisrupted(
  pod: Pod,
  change: { readonly disruption?: Disruption; readonly phase?: 'Failed' },
  ctx: ControllerContext,
): Promise<void> {
  const { namespace, name, uid, generation } = pod.metadata;
  const { disruption, phase } = change;
  const before = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  const isSaid = !disruption || (before?.status === 'True' && before.reason === disruption.reason);
  if (isSaid && (!phase || pod.status?.phase === phase)) return;
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: (before?.status === 'True' && before.lastTransitionTime) || wireTime(ctx.clock.now()),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...disruption,
  };
  const status = { ...(phase ? { phase } : {}), ...(isSaid ? {} : { conditions: [condition] }) };
  const body = { metadata: { uid: uid! }, status };
  await ctx.client
    .resource(refs.pods)
    .patch({ namespace, name: name! }, { type: 'strategic', body, subresource: 'status' }, {}, ctx);
}
