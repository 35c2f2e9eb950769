import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions } from './options.ts';

/** Prints the administrator's kubeconfig. A cluster that runs keeps its certificate fresh. */
export function kubeconfig(options: ClusterOptions, ctx: Context): void {
  const dir = new ClusterDir(options.name, options.dataDir);
  const file = dir.adminKubeconfig();
  if (!existsSync(file))
    throw new Error(
      `there is no cluster "${dir.name}" in ${dir.path}; start one with: kubernest up --name ${dir.name}`,
    );
  const { cert = '' } = transportOptionsOf(loadKubeconfig([file]));
  const { validToDate } = new X509Certificate(cert);
  if (validToDate < ctx.clock.now())
    throw new Error(
      `the certificate in ${file} ended at ${wireTime(validToDate)}; a start renews it: kubernest up --name ${dir.name}`,
    );
  process.stdout.write(readFileSync(file, 'utf8'));
}
