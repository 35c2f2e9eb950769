import type { Client } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { isConflict, isNotFound, wireTime } from '@kubernest/meta';
import type { PodObject } from './plugin.ts';

/** Writes into the pod's status that it waits for a node, and why; nothing when it says so already. */
export async function reportUnschedulable(
  pod: PodObject,
  why: { readonly reason: string; readonly message: string },
  { client }: { readonly client: Client },
  ctx: Context,
): Promise<void> {
  const present = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
  if (present?.status === 'False' && present.reason === why.reason && present.message === why.message) return;
  const now = wireTime(ctx.clock.now());
  const { namespace, name, uid, generation } = pod.metadata;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: why.reason,
    message: why.message,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastProbeTime: null,
    lastTransitionTime: present?.status === 'False' ? (present.lastTransitionTime ?? now) : now,
  };
  const body = { metadata: { uid: uid ?? '' }, status: { conditions: [condition] } };
  try {
    await client
      .resource({ group: '', version: 'v1', resource: 'pods' })
      .patch({ namespace, name: name ?? '' }, { type: 'strategic', body, subresource: 'status' }, {}, ctx);
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error; // deleted or replaced meanwhile: nothing to report on
  }
}
