import type { EndpointRule, ServicePortRule, ServiceRules } from '@kubernest/proxy/contract';

/**
 * A UDP flow keeps its endpoint in the kernel's memory for as long as its client talks. The flows to forget, each as what finds it: those to
 * endpoints that are gone, and those that began when there was nobody to talk to.
 */
export function staleUdpFlows(before: ServiceRules, after: ServiceRules): readonly (readonly string[])[] {
  const old = frontends(before);
  const now = frontends(after);
  const gone = [...old].flatMap(([key, { find, endpoints }]) => {
    const alive = new Set(now.get(key)?.endpoints.map(addressOf));
    return endpoints
      .filter((each) => !alive.has(addressOf(each)))
      .map(({ ip, port }) => [...find, '--dst-nat', ip, '--reply-port-src', String(port)]);
  });
  const unheard = [...now].flatMap(([key, { find, endpoints }]) =>
    endpoints.length > 0 && !old.get(key)?.endpoints.length ? [find] : [],
  );
  return [...gone, ...unheard];
}

export async function endStaleUdp(
  before: ServiceRules,
  after: ServiceRules,
  conntrack: (args: string[]) => Promise<unknown>,
): Promise<void> {
  for (const flows of staleUdpFlows(before, after)) {
    // Exit code 1 means that there was no such flow.
    await conntrack(['-D', '-p', 'udp', ...flows]).catch(() => {});
  }
}

const addressOf = ({ ip, port }: EndpointRule): string => `${ip}:${port}`;

interface Frontend {
  /** What a flow to it looks like to conntrack. */
  readonly find: readonly string[];
  readonly endpoints: readonly EndpointRule[];
}

/** Where clients send to. A node port answers on any address of the machine. */
function frontends(rules: ServiceRules): ReadonlyMap<string, Frontend> {
  const all = rules.ports.filter((port) => port.protocol === 'UDP').flatMap(frontendsOf);
  return new Map(all.map((each) => [each.find.join(' '), each]));
}

function frontendsOf(service: ServicePortRule): Frontend[] {
  const { clusterIP, port, nodePort, clusterEndpoints, externalEndpoints } = service;
  const at = (ip: string): string[] => ['--orig-dst', ip, '--orig-port-dst', String(port)];
  const outside = [...service.externalIPs, ...service.loadBalancerIPs].map(at);
  if (nodePort !== undefined) outside.push(['--orig-port-dst', String(nodePort)]);
  return [
    ...(clusterIP ? [{ find: at(clusterIP), endpoints: clusterEndpoints }] : []),
    ...outside.map((find) => ({ find, endpoints: externalEndpoints })),
  ];
}
