import { ownValue } from '@kubernest/meta';
import type { NodeObject, NodeView, PodObject } from './plugin.ts';
import { type Amounts, amount, inheritRequests, podRequests, podRequestsOrDefault } from './pod-requests.ts';

/** A node with the pods on it; adding and removing a pod costs what the pod has, not what the node has. */
export class NodeState implements NodeView {
  readonly pods = new Map<string, PodObject>();
  readonly requested = new Map<string, number>();
  readonly requestedOrDefault = new Map<string, number>();
  readonly podsWithAffinity = new Map<string, PodObject>();
  readonly hostPorts = new Map<string, Map<string, number>>();
  allocatable!: NodeView['allocatable'];
  #node: NodeObject;

  constructor(node: NodeObject) {
    this.#node = node;
    this.update(node);
  }

  get name(): string {
    return this.#node.metadata.name ?? '';
  }

  get node(): NodeObject {
    return this.#node;
  }

  update(node: NodeObject): void {
    this.#node = node;
    this.allocatable = new Allocatable(node.status?.allocatable ?? {});
  }

  add(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    const old = this.pods.get(uid);
    if (old) {
      inheritRequests(pod, old);
      this.remove(uid);
    }
    // Both before anything is counted: a quantity that cannot be read throws.
    const requested = podRequests(pod);
    const requestedOrDefault = podRequestsOrDefault(pod);
    this.pods.set(uid, pod);
    if (pod.spec?.affinity?.podAffinity || pod.spec?.affinity?.podAntiAffinity) this.podsWithAffinity.set(uid, pod);
    count(this.requested, requested, 1);
    count(this.requestedOrDefault, requestedOrDefault, 1);
    for (const { key, ip } of hostPortsOf(pod)) this.#countPort(key, ip, 1);
  }

  remove(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    this.podsWithAffinity.delete(uid);
    count(this.requested, podRequests(pod), -1);
    count(this.requestedOrDefault, podRequestsOrDefault(pod), -1);
    for (const { key, ip } of hostPortsOf(pod)) this.#countPort(key, ip, -1);
  }

  /** Two pods may have one port, bound by somebody else's hand: it is free when both are gone. */
  #countPort(key: string, ip: string, sign: 1 | -1): void {
    const holders = this.hostPorts.get(key) ?? new Map<string, number>();
    const left = (holders.get(ip) ?? 0) + sign;
    if (left > 0) holders.set(ip, left);
    else holders.delete(ip);
    if (holders.size > 0) this.hostPorts.set(key, holders);
    else this.hostPorts.delete(key);
  }
}

/** Each quantity is read when it is first asked for: a node may tell of very many. */
class Allocatable {
  readonly #read = new Map<string, number>();

  constructor(private readonly quantities: Readonly<Record<string, string>>) {}

  get(name: string): number | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const quantity = ownValue(this.quantities, name);
    if (quantity === undefined) return undefined;
    const value = amount(name, quantity);
    this.#read.set(name, value);
    return value;
  }
}

function count(into: Map<string, number>, amounts: Amounts, sign: 1 | -1): void {
  for (const [name, value] of amounts) into.set(name, (into.get(name) ?? 0) + sign * value);
}

/** The host ports a pod takes. Sidecars hold theirs, other init containers do not. */
export function hostPortsOf(pod: PodObject): readonly { readonly key: string; readonly ip: string }[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars].flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => port.hostPort)
      .map((port) => ({ key: `${port.protocol ?? 'TCP'}/${port.hostPort}`, ip: port.hostIP || '0.0.0.0' })),
  );
}
