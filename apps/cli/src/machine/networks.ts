import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { parseIpv4Range } from '@kubernest/meta';
import { machineRoutes, type Route } from './routes.ts';

/** Addresses that mean something on this machine already. */
export interface TakenRange {
  readonly cidr: string;
  /** Who has them, as a sentence begins with it. */
  readonly whose: string;
}

/**
 * A way to more than this is one to the outside: the default route, the halves that a VPN makes of it, a company's whole 10.0.0.0/8. A cluster's
 * range is a small part of it, and its own route goes first.
 */
const widest = 12;

/** What this machine's links and routes have. */
export const machineRanges = (): readonly TakenRange[] => [
  ...linkRanges(networkInterfaces()),
  ...routeRanges(machineRoutes()),
];

export function linkRanges(
  links: Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'cidr'>[] | undefined>>,
): readonly TakenRange[] {
  return Object.entries(links).flatMap(([link, addresses = []]) =>
    addresses.flatMap(({ address, cidr }) => [...narrow(cidr ?? '', link), ...narrow(`${address}/32`, link)]),
  );
}

/** Destinations, and the gateways on the way to them. */
export function routeRanges(routes: readonly Route[]): readonly TakenRange[] {
  return routes.flatMap(({ link, destination, gateway, mask }) => {
    const through = /^0*$/.test(gateway) ? [] : narrow(`${addressOf(gateway)}/32`, link);
    return [...narrow(`${addressOf(destination)}/${bitsOf(mask)}`, link), ...through];
  });
}

/** Nothing of what is no IPv4 range, or too wide. */
function narrow(cidr: string, link: string): readonly TakenRange[] {
  const range = parseIpv4Range(cidr);
  return range && range.bits >= widest ? [{ cidr, whose: `this machine (${link})` }] : [];
}

/** The kernel prints the bytes as its processor has them in a word: the last one first. */
const bytesOf = (hex: string): readonly number[] =>
  [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const addressOf = (hex: string): string => bytesOf(hex).join('.');
const bitsOf = (hex: string): number =>
  bytesOf(hex).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
