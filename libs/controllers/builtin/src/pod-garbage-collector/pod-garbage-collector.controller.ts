import type { Controller } from '@kubernest/controllers/engine';
import type { Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { isNotFound, keyOf, splitKey } from '@kubernest/meta';
import { podsOn } from '../shared/node-pods.ts';
import { isTerminal } from '../shared/pods.ts';
import { refs } from '../shared/refs.ts';
import { isAbandoned, surplus } from './pod-garbage-collector.plan.ts';

/** A node's object may be gone for a moment (deleted and registered anew): its pods are given this long. */
const quarantine: Milliseconds = 40_000;

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
    writes: [{ group: '', resource: 'pods', verbs: ['delete'] }],
    begin: () => podGarbageCollector(),
    async reconcile(key, ctx) {
      const pods = ctx.informers.of<Pod>(refs.pods);
      const nodes = ctx.informers.of(refs.nodes);
      const pod = pods.get(key);
      const remove = (which: string, uid: string | undefined) =>
        ctx.client
          .resource(refs.pods)
          .delete(splitKey(which), { gracePeriodSeconds: 0, preconditions: { uid } }, ctx)
          .catch((error: unknown) => {
            if (!isNotFound(error)) throw error;
          });
      if (!pod) missingSince.delete(key);
      else if (!isAbandoned(pod, (name) => nodes.get(name) !== undefined)) missingSince.delete(key);
      else if (!pod.spec?.nodeName) await remove(key, pod.metadata.uid);
      else {
        const since = missingSince.get(key) ?? ctx.clock.monotonic();
        missingSince.set(key, since);
        const left = since + quarantine - ctx.clock.monotonic();
        if (left > 0) return { againAfter: left };
        await remove(key, pod.metadata.uid);
      }
      // Only a pod that has just finished can be one too many: others must not cost a look at all pods.
      if (pod && isTerminal(pod)) {
        for (const each of surplus(pods.list())) await remove(keyOf(each), each.metadata.uid);
      }
      return 'done';
    },
  };
}
