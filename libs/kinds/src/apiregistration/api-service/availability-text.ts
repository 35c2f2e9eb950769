import type { APIService } from '../../types.ts';

export const serviceText = ({ spec }: APIService): string =>
  spec?.service ? `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}` : 'Local';

/** `True`, `False (MissingEndpoints)`, `Unknown` of what nobody has looked at yet. */
export function availabilityText({ status }: APIService): string {
  const found = status?.conditions?.find(({ type }) => type === 'Available');
  if (!found) return 'Unknown';
  return found.status === 'True' || !found.reason ? (found.status ?? '') : `${found.status ?? ''} (${found.reason})`;
}
