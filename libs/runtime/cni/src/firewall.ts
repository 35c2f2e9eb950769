import type { Context } from '@kubernest/kit';
import { runChecked, runCommand } from './command.ts';
import type { NetworkNames } from './names.ts';
import { chainRules, hasHostPorts, isIPv6, jumps, jumpsInto, portmapChains, type RuleFacts } from './rules.ts';

/** Other programs change rules too: wait for their lock rather than fail. */
const wait = ['-w', '5'];

const programFor = (family: 4 | 6): string => (family === 6 ? 'ip6tables' : 'iptables');

/** Opens forwarding and masquerading for our pods. Calling again changes nothing; other rules are not looked at. */
export async function openFirewall(facts: RuleFacts, ctx: Context): Promise<void> {
  for (const family of [4, 6] as const) {
    const podCidrs = facts.podCidrs.filter((cidr) => isIPv6(cidr) === (family === 6));
    if (podCidrs.length === 0) continue;
    const ofFamily = (cidr: string | undefined) => (cidr && isIPv6(cidr) === (family === 6) ? cidr : undefined);
    const clusterCidr = ofFamily(facts.clusterCidr);
    const serviceCidr = ofFamily(facts.serviceCidr);
    const program = programFor(family);
    const input = chainRules({
      names: facts.names,
      podCidrs,
      ...(clusterCidr ? { clusterCidr } : {}),
      ...(serviceCidr ? { serviceCidr } : {}),
    });
    await runChecked(`${program}-restore`, [...wait, '--noflush'], { input }, ctx);
    for (const { table, from, to } of jumps(facts.names)) {
      const there = await runCommand(program, [...wait, '-t', table, '-C', from, '-j', to], {}, ctx);
      // First, so that it counts before another program's DROP.
      if (there.code !== 0) await runChecked(program, [...wait, '-t', table, '-I', from, '1', '-j', to], {}, ctx);
    }
  }
}

/** Takes our chains back. What is not there is not missed. */
export async function closeFirewall(names: NetworkNames, ctx: Context): Promise<void> {
  for (const program of ['iptables', 'ip6tables']) {
    const run = (args: readonly string[]) => runCommand(program, [...wait, ...args], {}, ctx).catch(() => undefined);
    for (const { table, from, to } of jumps(names)) {
      while ((await run(['-t', table, '-D', from, '-j', to]))?.code === 0);
      await run(['-t', table, '-F', to]);
      await run(['-t', table, '-X', to]);
    }
  }
}

/** True when the portmap plugin has been at work on this machine. */
export async function hasPortmapChains(ctx: Context): Promise<boolean> {
  return (await runCommand('iptables', [...wait, '-t', 'nat', '-n', '-L', portmapChains[0]], {}, ctx)).code === 0;
}

/** Removes what the portmap plugin leaves for its next use, unless another network uses it. */
export async function removePortmapChains(ctx: Context): Promise<void> {
  for (const program of ['iptables', 'ip6tables']) {
    const run = (args: readonly string[]) =>
      runCommand(program, [...wait, '-t', 'nat', ...args], {}, ctx).catch(() => undefined);
    const listing = (await run(['-S']))?.stdout ?? '';
    if (hasHostPorts(listing)) continue;
    for (const chain of portmapChains) {
      for (const rule of jumpsInto(listing, chain)) await run(rule);
      await run(['-F', chain]);
    }
    for (const chain of portmapChains) await run(['-X', chain]);
  }
}
