import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@kubernest/meta';
import type { PodCondition, PodStatus } from '../types.ts';

type Fields = Record<string, unknown>;

/** The smallest strategic patch that turns `before` into `after`; undefined when nothing differs. Fields of others are left alone. */
export function statusPatch(before: PodStatus | undefined, after: PodStatus): { [key: string]: Json } | undefined {
  const old = (before ?? {}) as unknown as Fields;
  const patch: Fields = {};
  for (const [field, value] of Object.entries(after)) {
    if (field === 'conditions') {
      const known = new Map(before?.conditions?.map((condition) => [condition.type, condition]));
      const changed = (value as PodCondition[]).flatMap((condition) => {
        const old = known.get(condition.type);
        return sameCondition(condition, old) ? [] : [mergedOver(old, condition)];
      });
      if (changed.length > 0) patch[field] = changed;
    } else if (!isDeepStrictEqual(plain(old[field]), plain(value))) {
      patch[field] = field === 'podIPs' || field === 'hostIPs' ? mergedByIp(old[field], value) : value;
    }
  }
  return Object.keys(patch).length === 0 ? undefined : (plain(patch) as { [key: string]: Json });
}

/** These lists are merged by address, so what went must be said to be gone. */
function mergedByIp(old: unknown, value: unknown): unknown {
  const kept = new Set((value as { ip: string }[]).map((v) => v.ip));
  const gone = ((old as { ip: string }[] | undefined) ?? [])
    .filter((o) => !kept.has(o.ip))
    .map((o) => ({ $patch: 'delete', ip: o.ip }));
  return [...gone, ...(value as unknown[])];
}

/** A condition is merged into the one of its type: what it no longer says must be said to be gone. */
function mergedOver(old: PodCondition | undefined, condition: PodCondition): Fields {
  const silent = Object.keys(old ?? {}).filter((field) => !(field in condition));
  return { ...Object.fromEntries(silent.map((field) => [field, null])), ...condition };
}

function sameCondition(a: PodCondition, b: PodCondition | undefined): boolean {
  return (
    b !== undefined &&
    generationOf(a) === generationOf(b) &&
    a.status === b.status &&
    (a.reason ?? '') === (b.reason ?? '') &&
    (a.message ?? '') === (b.message ?? '')
  );
}

const generationOf = (condition: PodCondition): number | undefined =>
  (condition as { observedGeneration?: number }).observedGeneration;

/** As it is after the wire: without undefined fields. `lastState: {}` equals none. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
