import { basename } from 'node:path';
import { processes } from '../machine/processes.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { isOwn } from './place.ts';
import { type ProcessRecord, recordedProcess, recordOf } from './process-file.ts';

export type Part = 'api' | 'agent' | 'engine';

/** What `up` starts them with, and nobody who starts one by hand for another purpose. */
const signs = {
  api: ({ path, adminKubeconfig }: ClusterDir) => [
    'api.js',
    `--data-dir=${path}`,
    `--admin-kubeconfig=${adminKubeconfig()}`,
  ],
  agent: ({ name, in: at }: ClusterDir) => ['node-agent.js', `--data-dir=${at('agent')}`, `--cluster-name=${name}`],
  engine: ({ in: at }: ClusterDir) => ['dockerd', `--data-root=${at('docker', 'data')}`],
} as const;

/** A process of the cluster that runs: the recorded one, or one that is known by its arguments where its record is lost. */
export function partOf(dir: ClusterDir, part: Part): ProcessRecord | undefined {
  const recorded = recordedProcess(dir.pidFile(part));
  if (recorded) return recorded;
  const [program, ...flags] = signs[part](dir);
  const found = processes().find(
    ({ pid, command }) =>
      command.some((word) => basename(word) === program) &&
      flags.every((flag) => command.includes(flag)) &&
      isOwn(pid, dir),
  );
  return found && recordOf(found.pid);
}
