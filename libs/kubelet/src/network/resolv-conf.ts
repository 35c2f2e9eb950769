import type { Pod } from '../types.ts';

export interface DnsSettings {
  /** Addresses of the cluster's DNS; empty: pods use the machine's. */
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
}

interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

/** The text of a pod's /etc/resolv.conf. */
export function resolvConf(pod: Pod, settings: DnsSettings, hostText: string): string {
  const conf = withDnsConfig(policyConf(pod, settings, parse(hostText)), pod);
  return [
    ...conf.nameservers.slice(0, MAX_NAMESERVERS).map((server) => `nameserver ${server}`),
    ...(conf.searches.length ? [`search ${conf.searches.slice(0, MAX_SEARCHES).join(' ')}`] : []),
    ...(conf.options.length ? [`options ${conf.options.join(' ')}`] : []),
    '',
  ].join('\n');
}

function policyConf(pod: Pod, settings: DnsSettings, host: ResolvConf): ResolvConf {
  const policy = pod.spec?.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { nameservers: [], searches: [], options: [] };
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !pod.spec?.hostNetwork);
  if (!cluster || settings.clusterDns.length === 0) return host;
  const domain = settings.clusterDomain;
  const own = [`${pod.metadata.namespace}.svc.${domain}`, `svc.${domain}`, domain];
  return { nameservers: settings.clusterDns, searches: unique([...own, ...host.searches]), options: ['ndots:5'] };
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
