import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { exitCodeOfChild } from '@kubernest/process';
import { adminKubeconfigOf } from '../cluster/admin-client.ts';
import { ageWords, findKubectl } from '../cluster/kubectl.ts';
import { runningCluster } from '../cluster/running-cluster.ts';
import type { ClusterOptions, CommandDefinition, CommandLine } from '../command/command.ts';
import { printFault } from '../output/print.ts';

export const kubectl: CommandDefinition<ClusterOptions> = {
  name: 'kubectl',
  heading: 'Use',
  about: "Run this machine's kubectl against the cluster, whatever context is current. Flags of ours come first.",
  ofCluster: true,
  handsOnFlags: true,
  run: runKubectl,
};

async function runKubectl({ options, args }: CommandLine<ClusterOptions>): Promise<number> {
  const file = adminKubeconfigOf(runningCluster(options).dir);
  const found = await findKubectl(process.env['PATH'] ?? '');
  if (!found)
    throw new Error(
      'there is no kubectl in PATH: apt-get install kubernetes-client, or https://kubernetes.io/docs/tasks/tools/',
    );
  const words = ageWords(found);
  if (words) printFault(words);
  const { flags, env } = kubeconfigOf(file);
  const child = spawn(found.path, [...flags, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  // kubectl has the same terminal and gets its Ctrl-C itself.
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(exitCodeOfChild(code, signal)));
  });
}

/** How kubectl gets a kubeconfig. Plugins of it take none of its flags, but a variable is a list of files: it splits the path that has its sign. */
export const kubeconfigOf = (file: string): { readonly flags: readonly string[]; readonly env: NodeJS.ProcessEnv } =>
  file.includes(delimiter) ? { flags: [`--kubeconfig=${file}`], env: {} } : { flags: [], env: { KUBECONFIG: file } };
