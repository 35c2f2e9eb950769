import { lookup } from 'node:dns/promises';
import type { RequestOptions } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { badRequest, unavailable } from '@kubernest/meta';

/** Every address of a name. Rejects where there is none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export const resolveName: ResolveName = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** This machine, this link, everybody: whoever may proxy to a pod may not reach the API server's own neighbourhood by a pod's status. */
const refused = new BlockList();
refused.addAddress('0.0.0.0');
refused.addSubnet('127.0.0.0', 8);
refused.addSubnet('169.254.0.0', 16);
refused.addSubnet('224.0.0.0', 4);
refused.addAddress('255.255.255.255');
// `::`, `::1` and the old way to write an IPv4 address; the mapped way is seen through by the list itself.
refused.addSubnet('::', 96, 'ipv6');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addSubnet('ff00::', 8, 'ipv6');

/** True for the addresses that Kubernetes proxies to: those of one machine, valid beyond its link. */
export function isProxyable(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !address.includes('%') && !refused.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The connection with its name resolved for good: what was checked is what is dialled. Throws 400 for an address that no proxy goes to, 503
 * for a port that is none.
 */
export async function reachable(connection: RequestOptions, resolve: ResolveName): Promise<RequestOptions> {
  const host = connection.host ?? '';
  const { port } = connection;
  const isName = isIP(host) === 0;
  const addresses = isName ? await resolve(host).catch(() => []) : [host];
  if (addresses.length === 0 || !addresses.every(isProxyable)) throw badRequest('address not allowed');
  if (!isPort(port)) throw unavailable(`error trying to reach service: dial tcp: address ${port}: invalid port`);
  return { ...connection, host: addresses[0]!, servername: isName ? host : '' };
}

const isPort = (port: RequestOptions['port']): boolean =>
  /^\d{1,5}$/.test(String(port)) && Number(port) > 0 && Number(port) <= 65535;
