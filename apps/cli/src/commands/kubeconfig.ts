import { existsSync, readFileSync } from 'node:fs';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions } from './options.ts';

/** Prints the administrator's kubeconfig. */
export function kubeconfig(options: ClusterOptions): void {
  const dir = new ClusterDir(options.name, options.dataDir);
  const file = dir.adminKubeconfig();
  if (!existsSync(file))
    throw new Error(
      `there is no cluster "${dir.name}" in ${dir.path}; start one with: kubernest up --name ${dir.name}`,
    );
  process.stdout.write(readFileSync(file, 'utf8'));
}
