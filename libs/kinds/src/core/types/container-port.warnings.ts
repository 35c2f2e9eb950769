import type { ContainerPort } from '@kubernest/api-types/core/v1';
import { mostPairs, quoted, type Warn } from '@kubernest/definitions';
import type { Placed } from './pod-containers.ts';

interface PlacedPort {
  readonly port: ContainerPort;
  /** The path of its container, and its place there. */
  readonly within: string;
  readonly i: number;
}

const pathOf = ({ within, i }: PlacedPort): string => `${within}.ports[${i}]`;

/** Ports that stand in each other's way, across all containers of a pod. */
export function warnOfPorts(containers: readonly Placed[], warn: Warn): void {
  const ports: PlacedPort[] = [];
  for (const { container, path } of containers)
    for (const [i, port] of (container.ports ?? []).entries()) ports.push({ port, within: path, i });
  warnOfNumbers(ports, warn);
  warnOfNames(ports, warn);
}

function warnOfNumbers(ports: readonly PlacedPort[], warn: Warn): void {
  const seen = new Map<string, PlacedPort[]>();
  let pairs = 0;
  for (const placed of ports) {
    const { port } = placed;
    if (port.hostIP && !port.hostPort) warn(`${pathOf(placed)}: hostIP set without hostPort: ${goStruct(port)}`);
    const key = `${port.containerPort}/${port.protocol}`;
    const others = seen.get(key);
    if (!others) {
      seen.set(key, [placed]);
      continue;
    }
    for (const other of others.slice(0, mostPairs - pairs)) {
      pairs++;
      const clash = clashOf(port, other.port);
      if (clash) warn(`${pathOf(placed)}: ${clash} port definition with ${pathOf(other)}`);
    }
    others.push(placed);
  }
}

function clashOf(a: ContainerPort, b: ContainerPort): string | undefined {
  const [ip, otherIp] = [a.hostIP ?? '', b.hostIP ?? ''];
  const [port, otherPort] = [a.hostPort ?? 0, b.hostPort ?? 0];
  if (ip === otherIp && port === otherPort) return 'duplicate';
  if (port === 0 || otherPort === 0) return 'overlapping';
  const oneHasNone = (ip === '') !== (otherIp === '');
  return port === otherPort && oneHasNone ? 'dangerously ambiguous' : undefined;
}

function warnOfNames(ports: readonly PlacedPort[], warn: Warn): void {
  const first = new Map<string, PlacedPort>();
  for (const placed of ports) {
    const { name } = placed.port;
    if (!name) continue;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, placed);
      continue;
    }
    const choice = `services and probes that select ports by name will use ${pathOf(other)}`;
    warn(`${pathOf(placed)}: duplicate port name ${quoted(name)} with ${pathOf(other)}, ${choice}`);
  }
}

/** compat: clients see the port as Go prints it. */
const goStruct = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
