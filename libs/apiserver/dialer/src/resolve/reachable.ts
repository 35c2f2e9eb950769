import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { badRequest, isGlobalUnicast, parseIp, unavailable } from '@kubernest/meta';

/** Every address of a name. Rejects where there is none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export const resolveName: ResolveName = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * True for the addresses that Kubernetes proxies to: whoever may proxy to a pod may not reach the API server's own neighbourhood by a pod's
 * status. Only what Node takes for an address is one, and not in the old way to write one of IPv4 (`::192.0.2.1`).
 */
export function isReachable(text: string): boolean {
  const address = isIP(text) === 0 ? undefined : parseIp(text);
  if (!address || !isGlobalUnicast(address)) return false;
  return address.family === 'IPv4' || address.bytes.slice(0, 12).some((byte) => byte !== 0);
}

export interface Reachable {
  readonly host: string;
  readonly port: number;
  /** What was looked up; empty for an address. */
  readonly name: string;
}

/** The address looked up for good: what was checked is what is dialled. Throws 400 for one that nobody goes to, 503 for a port that is none. */
export async function reachable(
  { host, port }: { readonly host: string; readonly port: number | string },
  resolve: ResolveName,
): Promise<Reachable> {
  const isName = isIP(host) === 0;
  const addresses = isName ? await resolve(host).catch(() => []) : [host];
  if (addresses.length === 0 || !addresses.every(isReachable)) throw badRequest('address not allowed');
  if (!isPort(port)) throw unavailable(`error trying to reach service: dial tcp: address ${port}: invalid port`);
  return { host: addresses[0]!, port: Number(port), name: isName ? host : '' };
}

const isPort = (port: number | string): boolean =>
  /^\d{1,5}$/.test(String(port)) && Number(port) > 0 && Number(port) <= 65535;
