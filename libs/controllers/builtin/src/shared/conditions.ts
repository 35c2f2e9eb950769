import { wireTime } from '@kubernest/meta';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export type Conditions = readonly Condition[];

/** What is said anew, in place of what was said of the same; its time changes with its status alone. */
export function withCondition(conditions: Conditions, said: Condition, now: Date): Conditions {
  const before = conditions.find(({ type }) => type === said.type);
  const isSameStatus = before?.status === said.status && before.lastTransitionTime !== undefined;
  const next = { ...said, lastTransitionTime: isSameStatus ? before.lastTransitionTime! : wireTime(now) };
  return before ? conditions.map((each) => (each === before ? next : each)) : [...conditions, next];
}

export const withoutCondition = (conditions: Conditions, type: string): Conditions =>
  conditions.filter((condition) => condition.type !== type);

/** As the API server hands them out. */
export const conditionsOf = ({
  status,
}: {
  readonly status?: { readonly conditions?: readonly object[] };
}): Conditions => (status?.conditions ?? []) as Conditions;
