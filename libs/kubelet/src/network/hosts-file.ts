import { withoutEnd } from '@kubernest/meta';
import type { Pod } from '../types.ts';

const MAX_HOSTNAME = 64;

/** The name that a pod calls itself: at most 63 characters, 64 where it is the full one. Throws when that is too long. */
export function hostnameOf(
  pod: Pod,
  clusterDomain: string,
): { readonly hostname: string; readonly fqdn: string | undefined } {
  const override = (pod.spec as { hostnameOverride?: string } | undefined)?.hostnameOverride;
  if (override) return { hostname: override, fqdn: undefined };
  const name = pod.spec?.hostname || (pod.metadata.name ?? '');
  const hostname = withoutEnd(name.slice(0, 63), '-.');
  const fqdn = pod.spec?.subdomain
    ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}`
    : undefined;
  if (!pod.spec?.setHostnameAsFQDN || !fqdn) return { hostname, fqdn };
  if (fqdn.length > MAX_HOSTNAME)
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${fqdn} is too long (${MAX_HOSTNAME} characters is the max, ${fqdn.length} characters requested)`,
    );
  return { hostname: fqdn, fqdn };
}

/** The text of a pod's /etc/hosts. Pods in the machine's network get the machine's with their aliases. */
export function hostsFile(pod: Pod, podIPs: readonly string[], clusterDomain: string, hostText: string): string {
  const aliases = (pod.spec?.hostAliases ?? []).map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}`);
  const tail = aliases.length ? ['', "# Entries of the pod's hostAliases.", ...aliases, ''] : [''];
  // compat: programs tell by the first line whose file it is.
  if (pod.spec?.hostNetwork)
    return `# Kubernetes-managed hosts file (host network).\n${hostText.trimEnd()}\n${tail.join('\n')}`;
  const { hostname, fqdn } = hostnameOf(pod, clusterDomain);
  const names = fqdn && fqdn !== hostname ? `${fqdn}\t${hostname}` : hostname;
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::\tip6-localnet',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...podIPs.map((ip) => `${ip}\t${names}`),
    ...tail,
  ].join('\n');
}
