import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import { adminKubeconfigOf } from '../cluster/admin-client.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printExact } from '../output/print.ts';

export const kubeconfig: CommandDefinition<ClusterOptions> = {
  name: 'kubeconfig',
  heading: 'Use',
  about: "Print the administrator's kubeconfig.",
  ofCluster: true,
  run: async ({ options }, ctx) => printKubeconfig(options, ctx),
};

/** A cluster that runs keeps its certificate fresh. */
function printKubeconfig(options: ClusterOptions, ctx: Context): void {
  const dir = new ClusterDir(options.name, options.dataDir);
  const file = adminKubeconfigOf(dir);
  const { cert = '' } = transportOptionsOf(loadKubeconfig([file]));
  const { validToDate } = new X509Certificate(cert);
  if (validToDate < ctx.clock.now())
    throw new Error(
      `the certificate in ${file} ended at ${wireTime(validToDate)}; a start renews it: ${called} up${dir.flags}`,
    );
  printExact(readFileSync(file, 'utf8'));
}
