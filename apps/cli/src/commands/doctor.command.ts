import type { Context } from '@kubernest/kit';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { type Finding, judge, verdict } from '../doctor/judge.ts';
import { readMachine } from '../doctor/read-machine.ts';
import { printLine } from '../output/print.ts';
import { type OutputOptions, outputFlag, printJson } from './output-flag.ts';

export const doctor: CommandDefinition<ClusterOptions & OutputOptions> = {
  name: 'doctor',
  heading: 'This machine',
  about: 'Tell what this machine has and lacks for a cluster, and what to do; fails when something is missing.',
  ofCluster: true,
  options: [outputFlag()],
  run: ({ options }, ctx) => examine(options, ctx),
};

async function examine(options: ClusterOptions & OutputOptions, ctx: Context): Promise<number> {
  const facts = await readMachine(new ClusterDir(options.name, options.dataDir), ctx);
  const findings = judge(facts);
  if (options.output === 'json') printJson({ verdict: verdict(facts, findings), findings });
  else {
    for (const finding of findings) for (const line of linesOf(finding)) printLine(line);
    printLine(verdict(facts, findings));
  }
  return findings.some(({ level }) => level === 'missing') ? 1 : 0;
}

const linesOf = ({ level, what, found, why, advice }: Finding): readonly string[] => [
  `${level.padEnd(8)}${what}: ${found} (for ${why})`,
  ...(advice ? [`${' '.repeat(8)}→ ${advice}`] : []),
];
