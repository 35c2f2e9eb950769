import type { Container, ServiceAccount } from '@kubernest/api-types/core/v1';
import type { PodDraft } from '../pods.ts';

const annotation = 'kubernetes.io/enforce-mountable-secrets';

/** Why a pod may not use a secret it names: only where its account asks that none but its own are used. */
export function secretFault({ spec }: PodDraft, account: ServiceAccount): string | undefined {
  if (account.metadata.annotations?.[annotation] !== 'true') return undefined;
  const holder = account.metadata.name;
  const named = new Set((account.secrets ?? []).map(({ name }) => name));
  const pulled = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
  const because = (what: string) =>
    `${what} is not allowed because service account ${holder} does not reference that secret`;

  for (const volume of spec.volumes ?? []) {
    const { secretName } = (volume['secret'] ?? {}) as { secretName?: string };
    if (secretName && !named.has(secretName)) return because(`volume with secret.secretName="${secretName}"`);
  }
  for (const [kind, containers] of Object.entries({
    'init container': spec.initContainers,
    container: spec.containers,
  })) {
    for (const container of (containers ?? []) as readonly Container[]) {
      const env = container.env?.find(
        ({ valueFrom }) => valueFrom?.secretKeyRef && !named.has(valueFrom.secretKeyRef.name),
      );
      if (!env) continue;
      const secret = env.valueFrom?.secretKeyRef?.name;
      return because(`${kind} ${container.name} with envVar ${env.name} referencing secret.secretName="${secret}"`);
    }
  }
  const wrong = (spec.imagePullSecrets ?? []).findIndex(({ name }) => !pulled.has(name));
  if (wrong < 0) return undefined;
  return `imagePullSecrets[${wrong}].name="${spec.imagePullSecrets?.[wrong]?.name}" is not allowed because service account ${holder} does not reference that imagePullSecret`;
}
