import type { Pod } from '@kubernest/kinds';

export const BY_NODE = 'builtin/node';

/** Index values: the node that the pod is bound to. */
export const podsOn = (pod: Pod): readonly string[] => (pod.spec?.nodeName ? [pod.spec.nodeName] : []);
