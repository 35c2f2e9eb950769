import type { Controller, ControllerContext, Outcome } from '@kubernest/controllers/engine';
import type { Node, Pod } from '@kubernest/kinds';
import { isNotFound, keyOf, splitKey } from '@kubernest/meta';
import { markDisrupted } from '../shared/disruption.ts';
import { podsOn } from '../shared/node-pods.ts';
import { recordsEvents, refs } from '../shared/refs.ts';
import { planEviction } from './taint-eviction.plan.ts';
import { noExecuteTaints, TaintWatch } from './taint-watch.ts';

const disruption = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' };

export const taintEviction: Controller = withWatch(new TaintWatch(), new Set());

/** Removes pods from nodes whose NoExecute taints they do not tolerate, or no longer. `awaited` are the pods whose time runs. */
function withWatch(watch: TaintWatch, awaited: Set<string>): Controller {
  return {
    name: 'taint-eviction',
    serviceAccount: 'taint-eviction-controller',
    reconciles: refs.pods,
    watches: [
      { ref: refs.pods },
      {
        ref: refs.nodes,
        keys: (node, informers) =>
          noExecuteTaints(node as Node).length > 0 ? podsOn(node.metadata.name!, informers).map(keyOf) : [],
      },
    ],
    writes: [
      { group: '', resource: 'pods', verbs: ['delete'] },
      { group: '', resource: 'pods/status', verbs: ['patch'] },
      recordsEvents,
    ],
    begin: () => withWatch(new TaintWatch(), new Set()),
    async reconcile(key, ctx) {
      const pod = ctx.informers.of<Pod>(refs.pods).get(key);
      const nodeName = pod?.spec?.nodeName;
      const node = nodeName ? ctx.informers.of<Node>(refs.nodes).get(nodeName) : undefined;
      if (node) watch.saw(node, ctx.clock.now());
      else if (nodeName) watch.forget(nodeName);
      const eviction =
        pod && node
          ? planEviction({
              pod,
              taints: noExecuteTaints(node),
              firstSeen: (taint) => watch.firstSeen(nodeName!, taint),
              now: ctx.clock.now(),
            })
          : 'never';
      if (eviction === 'never') {
        if (awaited.delete(key) && pod && !pod.metadata.deletionTimestamp)
          tell(pod, `Cancelling deletion of Pod ${key}`, ctx);
        return 'done';
      }
      if (eviction.after > 0) {
        awaited.add(key);
        return { againAfter: eviction.after };
      }
      awaited.delete(key);
      return evict(pod!, ctx);
    },
  };
}

async function evict(pod: Pod, ctx: ControllerContext): Promise<Outcome> {
  const key = keyOf(pod);
  tell(pod, `Marking for deletion Pod ${key}`, ctx);
  try {
    await markDisrupted(pod, { disruption }, ctx);
    await ctx.client.resource(refs.pods).delete(splitKey(key), { preconditions: { uid: pod.metadata.uid } }, ctx);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return 'done';
}

const tell = (pod: Pod, message: string, ctx: ControllerContext): void =>
  ctx.events.record(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
