import { moreIsBetter, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import { type NodeTerms, nodeTerms } from './node-terms.ts';

const misfits = [{ reason: "node(s) didn't match Pod's node affinity/selector", unresolvable: true }];

/** `nodeSelector` and node affinity: what must match, and what is preferred. */
export const nodeAffinity: SchedulerPlugin<NodeTerms> = {
  name: 'node-affinity',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 2,
  *survey(pod) {
    return pod.spec?.nodeSelector || pod.spec?.affinity?.nodeAffinity ? yield* nodeTerms(pod) : undefined;
  },
  filter: (_pod, node, terms) => (terms.matches(node) ? undefined : misfits),
  normalize: moreIsBetter,
  score(_pod, node, { preferred }) {
    let total = 0;
    for (const { weight, matches } of preferred) if (matches(node)) total += weight;
    return total;
  },
};
