import { basename } from 'node:path';
import { type Process, processes } from '../machine/processes.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { send } from './process-file.ts';

/**
 * A container of an engine hangs on a shim, which outlives the engine. One that an engine was starting when it was killed is unknown to the
 * next: it would wait for its first process for ever.
 */
export function endHalfStarted(dir: ClusterDir): void {
  const all = processes();
  for (const shim of shimsOf(dir, all)) {
    const children = all.filter(({ parent }) => parent === shim.pid);
    if (children.some(({ command }) => command.join(' ') === 'runc init')) end([shim, ...children]);
  }
}

/** Those that are left when all containers are gone. */
export function endShims(dir: ClusterDir): void {
  const all = processes();
  for (const shim of shimsOf(dir, all)) end([shim, ...all.filter(({ parent }) => parent === shim.pid)]);
}

/** Of the cluster's own engine, by the socket of its containerd. */
function shimsOf(dir: ClusterDir, all: readonly Process[]): readonly Process[] {
  const socket = dir.in('docker', 'exec/containerd/containerd.sock');
  return all.filter(
    ({ command }) => basename(command[0] ?? '').startsWith('containerd-shim') && command.includes(socket),
  );
}

function end(which: readonly Process[]): void {
  for (const { pid } of which) send(pid, 'SIGKILL');
}
