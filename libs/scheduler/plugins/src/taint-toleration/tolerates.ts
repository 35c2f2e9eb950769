import type { Taint, Toleration } from 'kubernetes-types/core/v1.js';

/** Does one of the tolerations cover the taint? An empty key with Exists covers all; an empty effect covers every effect. */
export function tolerates(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, 'key' | 'value' | 'effect'>,
): boolean {
  return (tolerations ?? []).some((t) => {
    if (t.effect && t.effect !== taint.effect) return false;
    if (t.key && t.key !== taint.key) return false;
    if (t.operator === 'Exists') return true;
    return Boolean(t.key) && (t.value ?? '') === (taint.value ?? '');
  });
}
