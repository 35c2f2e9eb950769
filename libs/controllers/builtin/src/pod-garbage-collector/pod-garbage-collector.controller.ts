import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import type { Node, Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { isNotFound, keyOf, splitKey } from '@kubernest/meta';
import { type Disruption, markDisrupted } from '../shared/disruption.ts';
import { podsOn } from '../shared/node-pods.ts';
import { isTerminal } from '../shared/pods.ts';
import { refs } from '../shared/refs.ts';
import { abandoned, surplus } from './pod-garbage-collector.plan.ts';

/** A node's object may be gone for a moment (deleted and registered anew): its pods are given this long. */
const quarantine: Milliseconds = 40_000;
const orphaned = { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };

/** Removes pods that nobody will ever end: those of nodes that are gone, and finished ones beyond a number. */
export function podGarbageCollector(missingSince = new Map<string, number>()): Controller {
  return {
    name: 'pod-garbage-collector',
    serviceAccount: 'pod-garbage-collector',
    reconciles: refs.pods,
    watches: [
      { ref: refs.pods },
      {
        ref: refs.nodes,
        keys: (node, informers) => podsOn(node.metadata.name!, informers).map(keyOf),
      },
    ],
    writes: [
      { group: '', resource: 'pods', verbs: ['delete'] },
      { group: '', resource: 'pods/status', verbs: ['patch'] },
    ],
    begin: () => podGarbageCollector(),
    async reconcile(key, ctx) {
      const pods = ctx.informers.of<Pod>(refs.pods);
      const pod = pods.get(key);
      const why = pod && abandoned(pod, (name) => ctx.informers.of<Node>(refs.nodes).get(name));
      if (why !== 'orphaned') missingSince.delete(key);
      if (why === 'orphaned') {
        const since = missingSince.get(key) ?? ctx.clock.monotonic();
        missingSince.set(key, since);
        const left = since + quarantine - ctx.clock.monotonic();
        if (left > 0) return { againAfter: left };
        if (await isGone(pod!.spec!.nodeName!, ctx)) await remove(pod!, orphaned, ctx);
      } else if (why) await remove(pod!, undefined, ctx);
      // Only a pod that has just finished can be one too many: others must not cost a look at all pods.
      if (pod && isTerminal(pod)) {
        for (const each of surplus(pods.list())) await remove(each, undefined, ctx);
      }
      return 'done';
    },
  };
}

/** Asked of the server: a cache that is behind must not cost a node its pods. */
async function isGone(name: string, ctx: ControllerContext): Promise<boolean> {
  try {
    await ctx.client.resource(refs.nodes).fetch({ name }, ctx);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

async function remove(pod: Pod, disruption: Disruption | undefined, ctx: ControllerContext): Promise<void> {
  const { uid } = pod.metadata;
  try {
    if (!isTerminal(pod)) await markDisrupted(pod, { disruption, phase: 'Failed' }, ctx);
    await ctx.client
      .resource(refs.pods)
      .delete(splitKey(keyOf(pod)), { gracePeriodSeconds: 0, preconditions: { uid } }, ctx);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
