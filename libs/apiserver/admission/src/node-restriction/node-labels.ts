type Labels = Readonly<Record<string, string>> | undefined;

/** Labels in Kubernetes' own domains that a kubelet may set on its Node. */
const allowed = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
]);
const allowedDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];

/** Changed labels that only an administrator may change: they steer where pods go. */
export function forbiddenLabels(now: Labels, before: Labels): readonly string[] {
  const keys = new Set([...Object.keys(now ?? {}), ...Object.keys(before ?? {})]);
  return [...keys].filter((key) => now?.[key] !== before?.[key] && isReserved(key)).sort();
}

function isReserved(key: string): boolean {
  const domain = key.slice(0, Math.max(key.indexOf('/'), 0));
  const within = (parent: string) => domain === parent || domain.endsWith(`.${parent}`);
  if (!within('kubernetes.io') && !within('k8s.io')) return false;
  return !allowed.has(key) && !allowedDomains.some(within);
}
