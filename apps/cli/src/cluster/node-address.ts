import { networkInterfaces } from 'node:os';
import { defaultLink, machineRoutes } from '../machine/routes.ts';
import type { ClusterFacts } from './cluster-dir.ts';
import { addressIn, rangesOf } from './ranges.ts';

/** The node's own address: that of the interface with the default route, else the pod bridge's gateway. */
export function nodeAddress(facts: ClusterFacts): string {
  return addressOfDefaultRoute() ?? addressIn(rangesOf(facts).podCidr, 1);
}

function addressOfDefaultRoute(): string | undefined {
  const link = defaultLink(machineRoutes());
  if (!link) return undefined;
  return networkInterfaces()[link]?.find((address) => address.family === 'IPv4')?.address;
}
