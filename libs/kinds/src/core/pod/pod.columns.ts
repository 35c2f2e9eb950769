import { ageColumn, type Column, nameColumn, textColumn, wide } from '@kubernest/definitions';
import type { Pod } from '../../types.ts';
import { restartsText, summarizePod } from './pod.status-text.ts';

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = new Set((pod.status?.conditions ?? []).filter(({ status }) => status === 'True').map(({ type }) => type));
  const passed = gates.filter(({ conditionType }) => met.has(conditionType));
  return `${passed.length}/${gates.length}`;
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  textColumn('Ready', 'Containers that are ready, of all that should be.', (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  textColumn('Status', 'What the pod is doing, or why it does not.', (pod) => summarizePod(pod).status),
  textColumn('Restarts', 'How often its containers were started again, and when last.', (pod, now) =>
    restartsText(summarizePod(pod), now),
  ),
  ageColumn,
  wide(textColumn('IP', 'Its address.', (pod) => pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || '<none>')),
  wide(textColumn('Node', 'Where it runs.', (pod) => pod.spec?.nodeName || '<none>')),
  wide(
    textColumn(
      'Nominated Node',
      'Where room is being made for it.',
      (pod) => pod.status?.nominatedNodeName || '<none>',
    ),
  ),
  wide(textColumn('Readiness Gates', 'Extra conditions that hold, of those it waits for.', readinessGates)),
];
