import { kubernetesVersion } from '@kubernest/kit';
import { ownVersion } from '../cluster/own-version.ts';
import type { CommandDefinition } from '../command/command.ts';
import { printLine } from '../output/print.ts';
import { type OutputOptions, outputFlag, printJson } from './output-flag.ts';

export const version: CommandDefinition<OutputOptions> = {
  name: 'version',
  heading: 'This machine',
  about: 'Tell which Kubernest this is, and which Kubernetes it speaks.',
  options: [outputFlag()],
  run: async ({ options }) => {
    const versions = { kubernest: ownVersion(), kubernetes: kubernetesVersion.gitVersion, node: process.versions.node };
    if (options.output === 'json') return printJson(versions);
    printLine(`Kubernest ${versions.kubernest}, speaks Kubernetes ${versions.kubernetes}, on Node.js ${versions.node}`);
  },
};
