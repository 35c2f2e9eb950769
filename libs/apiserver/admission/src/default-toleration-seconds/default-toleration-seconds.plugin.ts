import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import type { PodDraft } from '../pods.ts';

const troubles = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A pod stays five minutes on a node that went silent, unless it says otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'default-toleration-seconds',
  sees: { resources: ['pods'], on: ['create', 'update'] },
  mutate({ object }) {
    const { spec } = object as PodDraft;
    if (!spec) return false;
    const present = spec.tolerations ?? [];
    const missing = troubles.filter(
      (key) =>
        !present.some((each) => (!each.key || each.key === key) && (!each.effect || each.effect === 'NoExecute')),
    );
    if (missing.length === 0) return false;
    const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
    spec.tolerations = [...present, ...added];
    return true;
  },
};
