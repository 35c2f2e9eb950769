import { ageColumn, type Column, labelsText, nameColumn, textColumn, wide } from '@kubernest/definitions';
import type { Service } from '../../types.ts';

function externalText(service: Service): string {
  const external = service.spec?.externalIPs ?? [];
  switch (service.spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    case 'LoadBalancer': {
      const ingress = service.status?.loadBalancer?.ingress ?? [];
      const given = [...new Set(ingress.flatMap((entry) => entry.ip || entry.hostname || []))].sort();
      return [...given, ...external].join(',') || '<pending>';
    }
    case 'ExternalName':
      return service.spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function portsText(service: Service): string {
  const ports = service.spec?.ports ?? [];
  return (
    ports
      .map(({ port, nodePort, protocol }) => `${nodePort ? `${port}:${nodePort}` : port}/${protocol ?? 'TCP'}`)
      .join(',') || '<none>'
  );
}

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  textColumn('Type', 'From where it can be reached.', (service) => service.spec?.type ?? ''),
  textColumn(
    'Cluster-IP',
    'Its address within the cluster.',
    (service) => service.spec?.clusterIPs?.[0] ?? (service.spec?.clusterIP || '<none>'),
  ),
  textColumn('External-IP', 'Addresses from outside.', externalText),
  textColumn('Port(s)', 'Ports, and the node ports that lead to them.', portsText),
  ageColumn,
  wide(textColumn('Selector', 'Which pods it sends traffic to.', (service) => labelsText(service.spec?.selector))),
];
