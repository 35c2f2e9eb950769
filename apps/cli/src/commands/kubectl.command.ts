import { spawn } from 'node:child_process';
import { adminKubeconfigOf } from '../cluster/admin-client.ts';
import { ageWords, findKubectl } from '../cluster/kubectl.ts';
import { runningCluster } from '../cluster/running-cluster.ts';
import type { ClusterOptions, CommandDefinition, CommandLine } from '../command/command.ts';

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
  if (words) console.error(`kubernest: ${words}`);
  const child = spawn(found.path, args, {
    stdio: 'inherit',
    env: { ...process.env, KUBECONFIG: file },
  });
  // kubectl has the same terminal and gets its Ctrl-C itself.
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}
