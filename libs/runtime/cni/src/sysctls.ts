import { readFile, writeFile } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import { messageOf } from '@kubernest/kit';
import { runCommand } from './command.ts';

/** What the kernel must do for pods to reach each other and the world. */
export const neededSysctls = (ipv6: boolean): readonly string[] => [
  'net/ipv4/ip_forward',
  ...(ipv6 ? ['net/ipv6/conf/all/forwarding'] : []),
  // Without it a Service's answer between two pods of this bridge by-passes the rules that must turn its address back.
  'net/bridge/bridge-nf-call-iptables',
  ...(ipv6 ? ['net/bridge/bridge-nf-call-ip6tables'] : []),
];

/** Sets what is not set; returns a sentence for each change. They stay when we go, as others may rely on them by then. */
export async function setSysctls(ipv6: boolean, ctx: Context, root = '/proc/sys'): Promise<readonly string[]> {
  const said: string[] = [];
  for (const name of neededSysctls(ipv6)) {
    const file = `${root}/${name}`;
    if (name.startsWith('net/bridge/') && (await read(file)) === undefined)
      await runCommand('modprobe', ['br_netfilter'], {}, ctx).catch(() => undefined);
    const value = await read(file);
    if (value === '1') continue;
    if (value === undefined) {
      said.push(
        `${name} is not there: without the kernel module br_netfilter a pod cannot reach a Service that leads to its own node's pods`,
      );
      continue;
    }
    await writeFile(file, '1').catch((error: unknown) => {
      throw new Error(`sysctl ${name} is ${value} and must be 1: ${messageOf(error)}`, { cause: error });
    });
    said.push(`set ${name} to 1 (was ${value})`);
  }
  return said;
}

/**
 * For links of the machine's that only pass frames on: the link-local address that the kernel gives each of them is of no use, and
 * browsers drop every request in flight whenever an address of the machine comes or goes.
 */
export async function disableIPv6(link: string, root = '/proc/sys'): Promise<void> {
  await writeFile(`${root}/net/ipv6/conf/${link}/disable_ipv6`, '1', { flag: 'r+' }).catch(ignoreMissing);
}

/**
 * Keeps the kernel from telling who sends it a packet over `link` that the next hop is on that link too. A link's own value counts only
 * where that of all is off; every other link keeps its own.
 */
export async function forbidRedirects(link: string, root = '/proc/sys'): Promise<void> {
  for (const each of [link, 'all'])
    await writeFile(`${root}/net/ipv4/conf/${each}/send_redirects`, '0', { flag: 'r+' });
}

/** A kernel without IPv6, or a link that is gone already. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const read = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
