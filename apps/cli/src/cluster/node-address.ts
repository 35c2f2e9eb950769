import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { ClusterFacts } from './cluster-dir.ts';
import { addressIn, rangesOf } from './ranges.ts';

/** The node's own address: that of the interface with the default route, else the pod bridge's gateway. */
export function nodeAddress(facts: ClusterFacts): string {
  return addressOfDefaultRoute() ?? addressIn(rangesOf(facts).podCidr, 1);
}

function addressOfDefaultRoute(): string | undefined {
  const link = defaultRouteLink();
  if (!link) return undefined;
  return networkInterfaces()[link]?.find((address) => address.family === 'IPv4')?.address;
}

/** /proc/net/route: the line whose destination and mask are zero. */
export function defaultRouteLink(): string | undefined {
  try {
    const lines = readFileSync('/proc/net/route', 'utf8').trim().split('\n').slice(1);
    return lines.map((line) => line.split('\t')).find((f) => f[1] === '00000000' && f[7] === '00000000')?.[0];
  } catch {
    return undefined;
  }
}
