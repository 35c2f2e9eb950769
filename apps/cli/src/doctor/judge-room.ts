import { called } from '../command/command-name.ts';
import { holderWords } from '../machine/listeners.ts';
import type { Finding } from './judge.ts';
import type { DiskFacts, MachineFacts, PortFacts } from './machine-facts.ts';

const MiB = 1024 * 1024;
/** Below it no image fits, and the database may not. */
const leastDisk = 200 * MiB;
/** What a kubelet calls pressure: less than this part of the disk, of its inodes. */
const pressure = { disk: 0.1, inodes: 0.05 };
const littleMemory = 512 * MiB;

/** Disk, memory, ports, the way outside, and what starts a cluster at boot. */
export const judgeRoom = (facts: MachineFacts): readonly Finding[] => [
  disk(facts.disk),
  inodes(facts.disk),
  memory(facts),
  ...facts.ports.map((port) => portFinding(port, facts.cluster?.pids ?? [])),
  route(facts),
  resolvers(facts),
  systemd(facts),
];

function disk({ path, bytes, freeBytes }: DiskFacts): Finding {
  const line = { what: 'disk', found: `${size(freeBytes)} of ${size(bytes)} free at ${path}`, why: 'images and data' };
  if (freeBytes < leastDisk) return { ...line, level: 'missing', advice: 'make room, or use --data-dir' };
  if (freeBytes < bytes * pressure.disk)
    return { ...line, level: 'note', advice: 'below 10 % free a node can have DiskPressure: make room' };
  return { ...line, level: 'ok' };
}

function inodes({ inodes, freeInodes }: DiskFacts): Finding {
  const line = { what: 'inodes', why: 'files of images' };
  if (inodes === 0) return { ...line, level: 'ok', found: 'as many as fit' };
  const found = `${freeInodes} of ${inodes} free`;
  if (freeInodes === 0) return { ...line, found, level: 'missing', advice: 'remove files, or use --data-dir' };
  if (freeInodes < inodes * pressure.inodes)
    return { ...line, found, level: 'note', advice: 'few are left: remove files' };
  return { ...line, found, level: 'ok' };
}

function memory({ memory: { all, available } }: MachineFacts): Finding {
  const line = {
    what: 'memory',
    found: `${size(available)} of ${size(all)} available`,
    why: 'the cluster and its pods',
  };
  return available < littleMemory
    ? { ...line, level: 'note', advice: 'that is little: the kernel may kill pods or the cluster' }
    : { ...line, level: 'ok' };
}

/** A first start takes the next port where one is taken; a cluster keeps that of its API. */
function portFinding({ port, purpose, isFree, isKept, holder }: PortFacts, own: readonly number[]): Finding {
  const line = { what: `port ${port}`, why: purpose };
  if (isFree) return { ...line, level: 'ok', found: 'free' };
  if (holder && own.includes(holder.pid))
    return { ...line, level: 'ok', found: `held by this cluster (pid ${holder.pid})` };
  const found = `held by ${holderWords(holder)}`;
  if (isKept) return { ...line, level: 'missing', found, advice: 'end that, or start with another --api-port' };
  return { ...line, level: 'note', found, advice: 'a start takes the next free port' };
}

function route({ defaultRoute }: MachineFacts): Finding {
  const line = { what: 'default route', why: "images from a registry, and the node's address" };
  if (defaultRoute) return { ...line, level: 'ok', found: `over ${defaultRoute}` };
  const advice = "pods do not reach the outside; the node has its pod network's address";
  return { ...line, level: 'note', found: 'none', advice };
}

function resolvers({ resolvers }: MachineFacts): Finding {
  const line = { what: 'resolvers', why: 'names of the outside in pods' };
  if (resolvers.length > 0) return { ...line, level: 'ok', found: resolvers.join(', ') };
  return { ...line, level: 'note', found: 'none but loopback', advice: 'put a nameserver into /etc/resolv.conf' };
}

function systemd({ hasSystemd }: MachineFacts): Finding {
  const line = { what: 'systemd', why: 'a start at boot' };
  if (hasSystemd) return { ...line, level: 'ok', found: 'runs' };
  return { ...line, level: 'note', found: 'does not run', advice: `${called} install tells what to do instead` };
}

const size = (bytes: number): string =>
  bytes < 1024 * MiB ? `${Math.floor(bytes / MiB)} MiB` : `${(bytes / MiB / 1024).toFixed(1)} GiB`;
