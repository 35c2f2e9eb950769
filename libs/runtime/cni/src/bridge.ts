import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import { runChecked, runCommand } from './command.ts';
import { isIPv6 } from './rules.ts';
import { disableIPv6, forbidRedirects } from './sysctls.ts';

export interface BridgeFacts {
  readonly bridge: string;
  readonly podCidrs: readonly string[];
  readonly serviceCidr?: string;
}

/**
 * Makes the bridge before its first pod comes: where no route leads out of the machine, its gateway is the node's address. There
 * the kernel would also refuse a packet for a Service before any rule sees it, so that Services get a route, into the bridge.
 */
export async function ensureBridge({ bridge, podCidrs, serviceCidr }: BridgeFacts, ctx: Context): Promise<void> {
  // One that exists is kept. An address of its own keeps it from taking over those of its ports, which come and go.
  await runCommand('ip', ['link', 'add', bridge, 'address', hardwareAddress(), 'type', 'bridge'], {}, ctx);
  if (!podCidrs.some(isIPv6)) await disableIPv6(bridge);
  for (const cidr of podCidrs.filter((each) => !isIPv6(each)))
    await runChecked('ip', ['address', 'replace', gatewayOf(cidr), 'dev', bridge], {}, ctx);
  await runChecked('ip', ['link', 'set', bridge, 'up'], {}, ctx);
  // Node ports answer on 127.0.0.1 too, as people who try them expect. On the bridge alone, so that it goes with it.
  await writeFile(`/proc/sys/net/ipv4/conf/${bridge}/route_localnet`, '1');
  const wayOut = await runChecked('ip', ['-4', 'route', 'show', 'default'], {}, ctx);
  if (serviceCidr === undefined || wayOut.trim() !== '') return;
  await forbidRedirects(bridge);
  await runChecked('ip', ['route', 'replace', serviceCidr, 'dev', bridge], {}, ctx);
}

/** The first address of a range, as the plugin takes it: `10.1.2.0/24` → `10.1.2.1/24`. */
export function gatewayOf(cidr: string): string {
  const [network = '', length = ''] = cidr.split('/');
  const octets = network.split('.').map(Number);
  return `${[...octets.slice(0, 3), octets[3]! + 1].join('.')}/${length}`;
}

/** Locally administered, one machine's. */
function hardwareAddress(): string {
  const bytes = randomBytes(6);
  bytes[0] = (bytes[0]! & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
