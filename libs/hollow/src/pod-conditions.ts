import type { Pod, PodCondition } from '@kubernest/api-types/core/v1';
import type { WireTime } from '@kubernest/meta';

type Told = Omit<PodCondition, 'lastTransitionTime'>;

/**
 * The conditions of a simulated pod whose containers are ready, or were until it ended (`unready` says how). Those that others set stay, and
 * what has not changed keeps its time.
 */
export function podConditions({ spec, status }: Pod, now: WireTime, unready?: string): PodCondition[] {
  const before = status?.conditions ?? [];
  const ready: Told = unready ? { type: '', status: 'False', reason: unready } : { type: '', status: 'True' };
  const gates = (spec?.readinessGates ?? []).flatMap(({ conditionType }) => unmet(conditionType, before) ?? []);
  const own: Told[] = [
    { ...ready, type: 'PodReadyToStartContainers' },
    { type: 'Initialized', status: 'True' },
    unready || gates.length === 0
      ? { ...ready, type: 'Ready' }
      : { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: gates.join(', ') },
    { ...ready, type: 'ContainersReady' },
  ];
  if (!before.some(({ type }) => type === 'PodScheduled')) own.push({ type: 'PodScheduled', status: 'True' });
  const others = before.filter(({ type }) => !own.some((each) => each.type === type));
  return [...own.map((told) => withTime(told, before, now)), ...others];
}

/** What is told of a gate that somebody else has not opened. */
function unmet(gate: string, conditions: readonly PodCondition[]): string | undefined {
  const condition = conditions.find(({ type }) => type === gate);
  if (!condition) return `corresponding condition of pod readiness gate ${JSON.stringify(gate)} does not exist.`;
  if (condition.status === 'True') return undefined;
  return `the status of pod readiness gate ${JSON.stringify(gate)} is not "True", but ${condition.status}`;
}

function withTime(told: Told, before: readonly PodCondition[], now: WireTime): PodCondition {
  const old = before.find(({ type }) => type === told.type);
  const since = old?.status === told.status ? old.lastTransitionTime : undefined;
  return { ...told, lastTransitionTime: since ?? now };
}
