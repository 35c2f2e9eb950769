import { hostPortsOf, type NodeView, type SchedulerPlugin } from '@kubernest/scheduler/engine';

const misfits = [{ reason: "node(s) didn't have free ports for the requested pod ports", unresolvable: false }];
const all = '0.0.0.0';

/** A host port is one pod's at a time; the same port on two different addresses is no conflict. */
export const nodePorts: SchedulerPlugin<ReturnType<typeof hostPortsOf>> = {
  name: 'node-ports',
  unblockedBy: ['node-added', 'pod-deleted'],
  prepare(pod) {
    const ports = hostPortsOf(pod);
    return ports.length > 0 ? ports : undefined;
  },
  filter: (_pod, node, ports) => (ports.some((port) => taken(node, port)) ? misfits : undefined),
};

function taken(node: NodeView, port: { readonly key: string; readonly ip: string }): boolean {
  const ips = node.hostPorts.get(port.key);
  if (!ips) return false;
  return port.ip === all || ips.has(all) || ips.has(port.ip);
}
