import type { Pod } from '../types.ts';

/** The name that a pod calls itself: at most 63 characters. */
export function hostnameOf(
  pod: Pod,
  clusterDomain: string,
): { readonly hostname: string; readonly fqdn: string | undefined } {
  const name = pod.spec?.hostname || (pod.metadata.name ?? '');
  const hostname = name.slice(0, 63).replace(/[-.]+$/, '');
  const fqdn = pod.spec?.subdomain
    ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`
    : undefined;
  return { hostname: pod.spec?.setHostnameAsFQDN && fqdn ? fqdn : hostname, fqdn };
}

/** The text of a pod's /etc/hosts. Pods in the machine's network get the machine's with their aliases. */
export function hostsFile(pod: Pod, podIPs: readonly string[], clusterDomain: string, hostText: string): string {
  const aliases = (pod.spec?.hostAliases ?? []).map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}`);
  const tail = aliases.length ? ['', "# Entries of the pod's hostAliases.", ...aliases, ''] : [''];
  if (pod.spec?.hostNetwork) return `${hostText.trimEnd()}\n${tail.join('\n')}`;
  const { hostname, fqdn } = hostnameOf(pod, clusterDomain);
  const names = fqdn && fqdn !== hostname ? `${fqdn}\t${hostname}` : hostname;
  return [
    '# Managed by the node agent.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::\tip6-localnet',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...podIPs.map((ip) => `${ip}\t${names}`),
    ...tail,
  ].join('\n');
}
