import type { APIService, EndpointSlice, Service } from '@kubernest/kinds';
import type { Condition } from '../shared/conditions.ts';

/** What the cluster says of the Service behind an APIService. */
export interface Backend {
  readonly service: Service | undefined;
  readonly slices: readonly EndpointSlice[];
}

export type Target = NonNullable<NonNullable<APIService['spec']>['service']>;

const available = (status: 'True' | 'False', reason: string, message: string): Condition => ({
  type: 'Available',
  status,
  reason,
  message,
});

/** compat: reasons and messages are Kubernetes'. */
export const said = {
  local: available('True', 'Local', 'Local APIServices are always available'),
  passed: available('True', 'Passed', 'all checks passed'),
  failedCheck: (why: string) => available('False', 'FailedDiscoveryCheck', why),
} as const;

/** Why nobody needs to be asked; undefined where only asking tells. */
export function faultOf({ namespace, name, port = 443 }: Target, { service, slices }: Backend): Condition | undefined {
  const id = `service/${name} in "${namespace}"`;
  if (!service) return available('False', 'ServiceNotFound', `${id} is not present`);
  // compat: of the other types Kubernetes does not look at ports and endpoints either.
  if (service.spec?.type !== 'ClusterIP') return undefined;
  const found = service.spec.ports?.find((each) => each.port === port);
  if (!found) return available('False', 'ServicePortError', `${id} is not listening on port ${port}`);
  if (slices.length === 0) return available('False', 'EndpointsNotFound', `cannot find endpointslices for ${id}`);
  const portName = found.name ?? '';
  if (slices.some((slice) => leads(slice, portName))) return undefined;
  return available(
    'False',
    'MissingEndpoints',
    `endpointslices for ${id} have no addresses with port name "${portName}"`,
  );
}

const leads = ({ endpoints, ports }: EndpointSlice, portName: string): boolean =>
  (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
  (ports ?? []).some(({ name, port }) => (name ?? '') === portName && port !== undefined);

/** Of what several attempts ended with the last; what was said already stays, so that nothing is written for other words of the same. */
export function checkFailed(errors: readonly string[], before: readonly Condition[]): Condition {
  const old = before.find(({ type, reason }) => type === 'Available' && reason === 'FailedDiscoveryCheck');
  return said.failedCheck(old && errors.includes(old.message) ? old.message : (errors.at(-1) ?? ''));
}
