import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isMissing, procStat } from '@kubernest/process';
import type { ClusterDir } from './cluster-dir.ts';
import { send } from './process-file.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

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

function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const pid = Number(name);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
        const stat = procStat(pid);
        return stat ? [{ pid, parent: stat.parent, command }] : [];
      } catch (error) {
        if (isMissing(error)) return []; // it has just ended
        throw error;
      }
    });
}

function end(which: readonly Process[]): void {
  for (const { pid } of which) send(pid, 'SIGKILL');
}
