import type { PodAffinityTerm, WeightedPodAffinityTerm } from '@kubernest/api-types/core/v1';
import { type LabelSelector, selects } from '@kubernest/meta';
import type { ClusterView, PodObject } from '@kubernest/scheduler/engine';

/** Which pods a pod means, and on which scale near and far are measured. */
export interface Term {
  readonly topologyKey: string;
  readonly weight: number;
  meets(other: PodObject, cluster: ClusterView): boolean;
}

export interface AffinityTerms {
  readonly near: readonly Term[];
  readonly far: readonly Term[];
  readonly rather: readonly Term[];
  readonly ratherNot: readonly Term[];
}

const known = new WeakMap<PodObject, AffinityTerms>();

export function affinityTerms(pod: PodObject): AffinityTerms {
  const found = known.get(pod);
  if (found) return found;
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const required = (terms: readonly PodAffinityTerm[] = []) => terms.map((term) => termOf(pod, term, 1));
  const preferred = (terms: readonly WeightedPodAffinityTerm[] = []) =>
    terms.map(({ podAffinityTerm, weight }) => termOf(pod, podAffinityTerm, weight));
  const made = {
    near: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    far: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    rather: preferred(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    ratherNot: preferred(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
  known.set(pod, made);
  return made;
}

function termOf(owner: PodObject, term: PodAffinityTerm, weight: number): Term {
  const { topologyKey, namespaceSelector } = term;
  const named = new Set(term.namespaces ?? []);
  // compat: neither names nor a selector mean the pod's own namespace.
  if (named.size === 0 && !namespaceSelector) named.add(owner.metadata.namespace ?? '');
  const selector = withLabelKeys(owner, term);
  return {
    topologyKey,
    weight,
    meets(other, cluster) {
      const namespace = other.metadata.namespace ?? '';
      const isInSight =
        named.has(namespace) ||
        (namespaceSelector !== undefined &&
          selects(namespaceSelector as LabelSelector, cluster.namespaceLabels(namespace) ?? {}));
      return isInSight && selects(selector, other.metadata.labels);
    },
  };
}

/** The selector, and that the pods have the owner's values of some labels, or others. Labels that the owner lacks do not count. */
function withLabelKeys(
  owner: PodObject,
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: PodAffinityTerm,
): LabelSelector | undefined {
  if (!labelSelector) return undefined;
  const { labels = {} } = owner.metadata;
  const added = (keys: readonly string[], operator: string) =>
    keys.filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator, values: [labels[key]!] }));
  const { matchLabels, matchExpressions = [] } = labelSelector as LabelSelector;
  return {
    matchLabels,
    matchExpressions: [...matchExpressions, ...added(matchLabelKeys, 'In'), ...added(mismatchLabelKeys, 'NotIn')],
  };
}
