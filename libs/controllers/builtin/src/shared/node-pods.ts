import type { InformerSet } from '@kubernest/client';
import type { Pod } from '@kubernest/kinds';
import { refs } from './refs.ts';

const BY_NODE = 'builtin/node';

/** Index values: the node that the pod is bound to. */
const nodesOf = (pod: Pod): readonly string[] => (pod.spec?.nodeName ? [pod.spec.nodeName] : []);

/** The pods bound to a node, by index: a node's heartbeat must not cost a look at every pod. */
export function podsOn(nodeName: string, informers: InformerSet): readonly Pod[] {
  const pods = informers.of<Pod>(refs.pods);
  pods.addIndex(BY_NODE, nodesOf);
  return pods.byIndex(BY_NODE, nodeName);
}
