import type { Controller } from '@kubernest/controllers/engine';
import type { Node, Pod } from '@kubernest/kinds';
import { isConflict, isNotFound, keyOf, splitKey } from '@kubernest/meta';
import { podsOn } from '../shared/node-pods.ts';
import { recordsEvents, refs } from '../shared/refs.ts';
import { planEviction } from './taint-eviction.plan.ts';

/** Removes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
export const taintEviction: Controller = {
  name: 'taint-eviction',
  serviceAccount: 'taint-eviction-controller',
  reconciles: refs.pods,
  watches: [
    { ref: refs.pods },
    {
      ref: refs.nodes,
      keys: (node, informers) => (hasNoExecute(node as Node) ? podsOn(node.metadata.name!, informers).map(keyOf) : []),
    },
  ],
  writes: [{ group: '', resource: 'pods', verbs: ['delete'] }, recordsEvents],
  async reconcile(key, ctx) {
    const pod = ctx.informers.of<Pod>(refs.pods).get(key);
    const node = pod?.spec?.nodeName ? ctx.informers.of<Node>(refs.nodes).get(pod.spec.nodeName) : undefined;
    if (!pod || !node || pod.metadata.deletionTimestamp) return 'done';
    const eviction = planEviction(pod, node.spec?.taints ?? [], ctx.clock.now());
    if (eviction === 'never') return 'done';
    if (eviction.after > 0) return { againAfter: eviction.after };
    ctx.events.record(pod, {
      type: 'Normal',
      reason: 'TaintManagerEviction',
      message: `Marking for deletion Pod ${key}`,
    });
    try {
      await ctx.client.resource(refs.pods).delete(splitKey(key), { preconditions: { uid: pod.metadata.uid } }, ctx);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error; // gone, or another pod of that name
    }
    return 'done';
  },
};

const hasNoExecute = (node: Node): boolean => node.spec?.taints?.some((taint) => taint.effect === 'NoExecute') ?? false;
