import { type Ipv4Range, ipv4Of, ipv4RangeOf, portOf } from './addresses.ts';
import { RulesRefused, type ServicePortRule, type ServiceRules } from './dataplane.ts';

/**
 * For every dataplane, before values become lines: their types say that they are addresses, ranges and numbers, and this holds for rules that came
 * some other way, too. Throws `RulesRefused` for the first that is anything else.
 */
export function mustBeSound({ ports, clusterCidr, serviceCidr }: ServiceRules): void {
  for (const range of [clusterCidr, serviceCidr]) if (range !== undefined) mustHold(isRange(range), 'range', range);
  for (const port of ports) mustBeSoundPort(port);
}

function mustBeSoundPort(port: ServicePortRule): void {
  const { protocol, clusterIP, nodePort, externalIPs, loadBalancerIPs, affinitySeconds: seconds } = port;
  mustHold(protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP', 'protocol', protocol);
  for (const number of [port.port, ...(nodePort === undefined ? [] : [nodePort])])
    mustHold(portOf(number) === number, 'port', number);
  const endpoints = [...port.clusterEndpoints, ...port.externalEndpoints];
  for (const { port: number } of endpoints) mustHold(portOf(number) === number, 'port', number);
  for (const { ip } of endpoints) mustHold(ipv4Of(ip) === ip, 'IPv4 address', ip);
  for (const ip of [...(clusterIP === undefined ? [] : [clusterIP]), ...externalIPs, ...loadBalancerIPs])
    mustHold(ipv4Of(ip) === ip, 'IPv4 address', ip);
  for (const range of port.loadBalancerSourceRanges) mustHold(isRange(range), 'IPv4 range', range);
  mustHold(seconds === undefined || (Number.isInteger(seconds) && seconds > 0), 'number of seconds', seconds);
}

const isRange = (range: Ipv4Range): boolean => ipv4RangeOf(range) === range;

function mustHold(holds: boolean, what: string, value: unknown): void {
  if (!holds) throw new RulesRefused(`${JSON.stringify(value)} is no ${what}`);
}
