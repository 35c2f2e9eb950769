import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import type { KubeObject } from '@kubernest/meta';

const key = 'node.kubernetes.io/not-ready';

/** A new node takes no pods until the node lifecycle controller has seen it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'taint-nodes-by-condition',
  sees: { resources: ['nodes'], on: ['create'] },
  mutate({ object }) {
    const node = object as KubeObject & { spec?: { taints?: { key: string; effect: string }[] } };
    const taints = node.spec?.taints ?? [];
    if (taints.some((taint) => taint.key === key && taint.effect === 'NoSchedule')) return false;
    node.spec = { ...node.spec, taints: [...taints, { key, effect: 'NoSchedule' }] };
    return true;
  },
};
