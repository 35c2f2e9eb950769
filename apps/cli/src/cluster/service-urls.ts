import type { Service } from '@kubernest/kinds';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/**
 * Where a Service answers, from this machine, one address for each of its ports: a node port first, as it is reached from elsewhere too, else
 * the cluster IP, which this machine alone reaches. Throws, with what to do, for a Service that has neither.
 */
export function serviceUrls(service: Service, nodeAddress: string): readonly string[] {
  const { type, clusterIP, externalName, ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return [externalName ?? ''];
  const name = `${service.metadata?.namespace}/${service.metadata?.name}`;
  if (!clusterIP || clusterIP === 'None')
    throw new Error(
      `Service ${name} is headless: it has no address, only its pods have; see kubectl get endpointslices`,
    );
  return ports.map((port) => {
    const { nodePort } = port;
    return urlOf(port, nodePort ? `${nodeAddress}:${nodePort}` : `${clusterIP}:${port.port}`);
  });
}

function urlOf({ protocol, appProtocol, name, port }: ServicePort, address: string): string {
  if (protocol !== undefined && protocol !== 'TCP') return `${protocol.toLowerCase()}://${address}`;
  const said = appProtocol ?? name ?? '';
  const secure = /^https\b/.test(said) || (port === 443 && !/^http\b/.test(said));
  return `${secure ? 'https' : 'http'}://${address}`;
}
