import type { Service } from '@kubernest/kinds';
import { nodePortUnavailable } from '@kubernest/proxy/contract';
import type { ServiceFault } from './report/service-faults.ts';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

export interface Answers {
  /** One for each port that answers. */
  readonly urls: readonly string[];
  /** What is wrong with the others, and where they answer all the same. */
  readonly faults: readonly string[];
}

/**
 * Where a Service answers, from this machine, one address for each of its ports: a node port first, as it is reached from elsewhere too, else
 * the cluster IP, which this machine alone reaches. Never one at which somebody else answers, by what its node lacks (`faults`). Throws, with
 * what to do, for a Service that has neither.
 */
export function serviceUrls(service: Service, nodeAddress: string, faults: readonly ServiceFault[] = []): Answers {
  const { type, clusterIP, externalName, ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return { urls: [externalName ?? ''], faults: [] };
  const name = `${service.metadata?.namespace}/${service.metadata?.name}`;
  if (!clusterIP || clusterIP === 'None')
    throw new Error(
      `Service ${name} is headless: it has no address, only its pods have; see kubectl get endpointslices`,
    );
  const answers = { urls: [] as string[], faults: [] as string[] };
  for (const port of ports) {
    const { nodePort } = port;
    const inside = urlOf(port, `${clusterIP}:${port.port}`);
    const fault = faults.find((fault) => concerns(fault, port));
    if (fault)
      answers.faults.push(`${fault.words}. ${otherWays(service, port, isPortAlone(fault) ? inside : undefined)}`);
    else answers.urls.push(nodePort ? urlOf(port, `${nodeAddress}:${nodePort}`) : inside);
  }
  return answers;
}

/** Its node port is another's, and the Service itself is there. */
const isPortAlone = ({ reason }: ServiceFault): boolean => reason === nodePortUnavailable;

const concerns = (fault: ServiceFault, { nodePort, protocol = 'TCP' }: ServicePort): boolean =>
  !isPortAlone(fault) || (nodePort !== undefined && fault.nodePort === `${nodePort}/${protocol}`);

function otherWays({ metadata }: Service, { protocol = 'TCP', port }: ServicePort, inside: string | undefined): string {
  const local = 20_000 + (port % 10_000);
  const ways = [
    ...(inside ? [`from this machine at ${inside}`] : []),
    ...(protocol === 'TCP'
      ? [
          `at http://127.0.0.1:${local} while this runs: kubectl port-forward -n ${metadata?.namespace} service/${metadata?.name} ${local}:${port}`,
        ]
      : []),
  ];
  return ways.length > 0 ? `It answers ${ways.join(', or ')}` : 'Its pods alone answer; see kubectl get endpointslices';
}

function urlOf({ protocol, appProtocol, name, port }: ServicePort, address: string): string {
  if (protocol !== undefined && protocol !== 'TCP') return `${protocol.toLowerCase()}://${address}`;
  const said = appProtocol ?? name ?? '';
  const secure = /^https\b/.test(said) || (port === 443 && !/^http\b/.test(said));
  return `${secure ? 'https' : 'http'}://${address}`;
}
