import { isLoopback, isUnspecified, parseIp } from '@kubernest/meta';
import type { Pod } from '../types.ts';

export interface DnsSettings {
  /** Addresses of the cluster's DNS; empty: pods use the machine's. */
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
}

/** What this machine asks for names, as texts of `resolv.conf`. */
export interface MachineResolver {
  /** Its own file, for pods in its network. */
  readonly own: string;
  /** One that names servers which a pod with a network of its own reaches; empty where there is none. */
  readonly upstream: string;
}

interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

/** The text of a pod's /etc/resolv.conf. */
export function resolvConf(pod: Pod, settings: DnsSettings, machine: MachineResolver): string {
  const conf = withDnsConfig(policyConf(pod, settings, machine), pod);
  return [
    ...conf.nameservers.slice(0, MAX_NAMESERVERS).map((server) => `nameserver ${server}`),
    ...(conf.searches.length ? [`search ${conf.searches.slice(0, MAX_SEARCHES).join(' ')}`] : []),
    ...(conf.options.length ? [`options ${conf.options.join(' ')}`] : []),
    '',
  ].join('\n');
}

/** Why no name resolves in a pod that has this file; undefined where one may. */
export const resolvFault = (text: string): string | undefined =>
  serversIn(text).length > 0
    ? undefined
    : 'no name resolves in this pod: there is no cluster DNS, and the resolv.conf of this machine names no server ' +
      'but its own loopback. Name one there, or in spec.dnsConfig.nameservers';

export const serversIn = (text: string): readonly string[] => parse(text).nameservers;

/** Loopback is another one in a network of the pod's own. */
export function isReachable(server: string): boolean {
  const address = parseIp(server);
  return address !== undefined && !isLoopback(address) && !isUnspecified(address);
}

function policyConf(pod: Pod, settings: DnsSettings, machine: MachineResolver): ResolvConf {
  const policy = pod.spec?.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { nameservers: [], searches: [], options: [] };
  const host = machineConf(pod, machine);
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !pod.spec?.hostNetwork);
  if (!cluster || settings.clusterDns.length === 0) return host;
  const domain = settings.clusterDomain;
  const own = [`${pod.metadata.namespace}.svc.${domain}`, `svc.${domain}`, domain];
  return { nameservers: settings.clusterDns, searches: unique([...own, ...host.searches]), options: ['ndots:5'] };
}

function machineConf(pod: Pod, machine: MachineResolver): ResolvConf {
  if (pod.spec?.hostNetwork) return parse(machine.own);
  const conf = parse(machine.upstream);
  return { ...conf, nameservers: conf.nameservers.filter(isReachable) };
}

function withDnsConfig(conf: ResolvConf, pod: Pod): ResolvConf {
  const extra = pod.spec?.dnsConfig;
  if (!extra) return conf;
  const options = new Map(conf.options.map((o) => [o.split(':')[0] ?? o, o]));
  for (const option of extra.options ?? [])
    if (option.name) options.set(option.name, !option.value ? option.name : `${option.name}:${option.value}`);
  return {
    nameservers: unique([...conf.nameservers, ...(extra.nameservers ?? [])]),
    searches: unique([...conf.searches, ...(extra.searches ?? [])]),
    options: [...options.values()],
  };
}

function parse(text: string): ResolvConf {
  const words = (key: string) =>
    text
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([first]) => first === key)
      .map(([, ...rest]) => rest);
  return {
    nameservers: words('nameserver').flat(),
    searches: words('search').at(-1) ?? [],
    options: words('options').flat(),
  };
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];
