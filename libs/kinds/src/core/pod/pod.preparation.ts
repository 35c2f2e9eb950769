import type { PodAffinityTerm } from '@kubernest/api-types/core/v1';
import { draftOf, ensurePart, fillIn, partAt, partsAt } from '@kubernest/definitions';
import type { KubeObject, LabelSelector } from '@kubernest/meta';
import { qosClass } from '@kubernest/meta';
import type { Pod } from '../../types.ts';
import { takeBygoneProfiles } from '../types/app-armor.ts';

/** A pod begins as pending, whatever its creator says. */
export function preparePod(draft: KubeObject): void {
  const { spec, metadata } = draft as Pod;
  const gated = (spec?.schedulingGates ?? []).length > 0;
  draftOf(draft).status = {
    phase: 'Pending',
    qosClass: qosClass(spec),
    ...(gated && {
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
          lastTransitionTime: metadata.creationTimestamp,
        },
      ],
    }),
  };
  takeOwnLabels(draft as Pod);
  takeBygoneProfiles(draft as Pod);
}

/** What a writer of a status leaves out or says in one place only. */
export function preparePodStatus(draft: KubeObject, old: Pod): void {
  keepQosClass(draft, old);
  followTheOneAddress(draft);
}

/** compat: a client that knows only the one address means the list as well; it is believed where both differ. */
function followTheOneAddress(draft: KubeObject): void {
  const status = partAt(draftOf(draft), 'status');
  const [first] = partsAt(status, 'podIPs');
  if (!status) return;
  if (status.podIP && first?.ip !== status.podIP) status.podIPs = [{ ip: status.podIP }];
  else if (first) status.podIP = first.ip;
}

/** Decided once, when the pod is made; who writes a status without it does not mean to take it away. */
function keepQosClass(draft: KubeObject, { status }: Pod): void {
  if (status?.qosClass) fillIn(ensurePart(draftOf(draft), 'status'), { qosClass: status.qosClass });
}

/** Selectors that ask for "pods whose label is like mine" are given the pod's own value, once, as later changes of labels do not count. */
function takeOwnLabels({ spec, metadata }: Pod): void {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  for (const affinity of [podAffinity, podAntiAffinity]) {
    for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [])
      takeLabels(term, metadata.labels);
    for (const { podAffinityTerm: term } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      takeLabels(term, metadata.labels);
  }
  for (const constraint of spec?.topologySpreadConstraints ?? []) takeLabels(constraint, metadata.labels);
}

type Keyed = Pick<PodAffinityTerm, 'matchLabelKeys' | 'mismatchLabelKeys'> & { labelSelector?: LabelSelector };

function takeLabels(keyed: Keyed | undefined, labels: Readonly<Record<string, string>> = {}): void {
  const { labelSelector: selector, matchLabelKeys = [], mismatchLabelKeys = [] } = keyed ?? {};
  if (!selector || !keyed || matchLabelKeys.length + mismatchLabelKeys.length === 0) return;
  const requirement = (operator: string) => (key: string) =>
    Object.hasOwn(labels, key) ? [{ key, operator, values: [labels[key]!] }] : [];
  const own = [...matchLabelKeys.flatMap(requirement('In')), ...mismatchLabelKeys.flatMap(requirement('NotIn'))];
  if (own.length > 0)
    keyed.labelSelector = {
      ...selector,
      matchExpressions: [...(selector.matchExpressions ?? []), ...own],
    };
}
