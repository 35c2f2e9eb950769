import { ownValue, quantityMilli, quantityValue } from '@kubernest/meta';
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '../types.ts';

/** What the downward API may tell a container beyond its pod's own fields. */
export interface DownwardFacts {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly hostIPs: readonly string[];
  readonly podIPs: readonly string[];
  /** The node's own, for containers without a limit. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** The value of a `fieldRef`. Throws for a path that does not exist. */
export function fieldValue(selector: ObjectFieldSelector, facts: DownwardFacts): string {
  const { pod } = facts;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(selector.fieldPath);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  switch (selector.fieldPath) {
    case 'metadata.name':
      return pod.metadata.name ?? '';
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations);
    case 'spec.nodeName':
      return facts.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec?.serviceAccountName ?? '';
    case 'status.hostIP':
      return facts.hostIPs[0] ?? '';
    case 'status.hostIPs':
      return facts.hostIPs.join(',');
    case 'status.podIP':
      return facts.podIPs[0] ?? '';
    case 'status.podIPs':
      return facts.podIPs.join(',');
    default:
      throw new Error(`unsupported fieldPath: ${selector.fieldPath}`);
  }
}

type StringMap = Readonly<Record<string, string>>;

/** Asked of one map for each file and variable that tells it. */
const formatted = new WeakMap<StringMap, string>();

function formatMap(map: StringMap = {}): string {
  let text = formatted.get(map);
  if (text === undefined) {
    const lines = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
    text = lines.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join('\n');
    formatted.set(map, text);
  }
  return text;
}

/** The value of a `resourceFieldRef`, in units of its divisor, rounded up. */
export function resourceValue(selector: ResourceFieldSelector, container: Container, facts: DownwardFacts): string {
  const match = /^(limits|requests)\.(.+)$/.exec(selector.resource);
  if (!match) throw new Error(`unsupported container resource: ${selector.resource}`);
  const resource = match[2] ?? '';
  const own = ownValue(container.resources?.[match[1] as 'limits' | 'requests'], resource);
  const quantity =
    own ??
    (match[1] === 'limits' || resource === 'cpu' || resource === 'memory'
      ? fallback(match[1] ?? '', resource, facts)
      : '0');
  const divisor = selector.divisor && quantityValue(selector.divisor) !== 0 ? selector.divisor : '1';
  if (resource === 'cpu') return String(Math.ceil(quantityMilli(quantity) / quantityMilli(divisor)));
  return String(Math.ceil(quantityValue(quantity) / quantityValue(divisor)));
}

const fallback = (kind: string, resource: string, facts: DownwardFacts): string =>
  kind === 'limits' ? (ownValue(facts.allocatable, resource) ?? '0') : '0';
