import type { ServiceRules } from '@kubernest/proxy/contract';

/** A UDP flow keeps its old endpoint in the kernel's memory: flows to endpoints that are gone, or that began when there was none, are forgotten. */
export async function endStaleUdp(
  before: ServiceRules,
  after: ServiceRules,
  conntrack: (args: string[]) => Promise<unknown>,
): Promise<void> {
  const nowById = new Map(after.ports.map((port) => [port.id, port]));
  for (const old of before.ports.filter((port) => port.protocol === 'UDP' && port.clusterIP)) {
    const now = nowById.get(old.id);
    const alive = new Set(now?.clusterEndpoints.map((e) => e.ip));
    const gone = old.clusterEndpoints.filter((e) => !alive.has(e.ip)).map((e) => ['--dst-nat', e.ip]);
    const blackHoled = old.clusterEndpoints.length === 0 && alive.size > 0 ? [[]] : [];
    for (const which of [...gone, ...blackHoled]) {
      // Exit code 1 means that there was no such flow.
      await conntrack(['-D', '-p', 'udp', '--orig-dst', old.clusterIP!, ...which]).catch(() => {});
    }
  }
}
