import type { ValidationContext } from '@kubernest/definitions';
import type { ServiceAccount } from '../../types.ts';

const enforceMountable = 'kubernetes.io/enforce-mountable-secrets';

/** Only whoever sets it anew is told. */
export function warnOfServiceAccount({ metadata }: ServiceAccount, { old }: ValidationContext): string[] {
  if (metadata?.annotations?.[enforceMountable] === undefined) return [];
  if (old?.metadata.annotations?.[enforceMountable] !== undefined) return [];
  const instead = 'prefer separate namespaces to isolate access to mounted secrets';
  return [`metadata.annotations[${enforceMountable}]: deprecated in v1.32+; ${instead}`];
}
