import type { KubeObject } from '@kubernest/meta';
import { draftOf } from '../../define.ts';
import { ensurePart, fillIn, type Part, partsAt } from '../../draft-fields.ts';

const threeHoursInSeconds = 10_800;
const isReachableFromOutside = ({ type, externalIPs }: Part): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (Array.isArray(externalIPs) && externalIPs.length > 0);

export function serviceDefaults(draft: KubeObject): void {
  const spec = ensurePart(draftOf(draft), 'spec');
  fillIn(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  defaultAffinity(spec);
  for (const port of partsAt(spec, 'ports')) {
    fillIn(port, { protocol: 'TCP' });
    if (!port.targetPort) port.targetPort = port.port;
  }
  if (isReachableFromOutside(spec)) fillIn(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type === 'LoadBalancer') fillIn(spec, { allocateLoadBalancerNodePorts: true });
  if (spec.type !== 'ExternalName') {
    fillIn(spec, { internalTrafficPolicy: 'Cluster' });
    defaultIpFamilies(spec);
  }
}

function defaultAffinity(spec: Part): void {
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  fillIn(ensurePart(ensurePart(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: threeHoursInSeconds });
}

/** One family, that of the address asked for. */
function defaultIpFamilies(spec: Part): void {
  const address = typeof spec.clusterIP === 'string' ? spec.clusterIP : '';
  fillIn(spec, { ipFamilies: [address.includes(':') ? 'IPv6' : 'IPv4'], ipFamilyPolicy: 'SingleStack' });
}
