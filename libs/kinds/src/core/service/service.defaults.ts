import { draftOf, ensurePart, fillIn, type Part, partAt, partsAt } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { isReachedFromOutside } from './service.validation.ts';

const threeHoursInSeconds = 10_800;

export function serviceDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  fillIn(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  defaultAffinity(spec);
  for (const port of partsAt(spec, 'ports')) {
    fillIn(port, { protocol: 'TCP' });
    if (!port.targetPort) port.targetPort = port.port;
  }
  if (isReachedFromOutside(spec)) fillIn(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type === 'LoadBalancer') fillIn(spec, { allocateLoadBalancerNodePorts: true });
  if (spec.type !== 'ExternalName') fillIn(spec, { internalTrafficPolicy: 'Cluster' });
  defaultAddresses(spec);
  if (spec.type === 'LoadBalancer') defaultIngress(draft);
}

/** compat: of an address that says nothing else the nodes take care. */
function defaultIngress(draft: KubeObject): void {
  for (const ingress of partsAt(partAt(partAt(draftOf(draft), 'status'), 'loadBalancer'), 'ingress'))
    if (ingress.ip) fillIn(ingress, { ipMode: 'VIP' });
}

function defaultAffinity(spec: Part): void {
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  fillIn(ensurePart(ensurePart(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: threeHoursInSeconds });
}

/** The list of addresses follows the one; one family, that of the address asked for. */
function defaultAddresses(spec: Part): void {
  const list = spec.clusterIPs as readonly string[] | undefined;
  if (spec.clusterIP && !list?.length) spec.clusterIPs = [spec.clusterIP];
  if (spec.type === 'ExternalName') return;
  const address = typeof spec.clusterIP === 'string' ? spec.clusterIP : '';
  fillIn(spec, { ipFamilies: [address.includes(':') ? 'IPv6' : 'IPv4'], ipFamilyPolicy: 'SingleStack' });
}
