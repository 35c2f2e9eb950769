import type { Context } from '@kubernest/kit';
import { existingCluster } from '../cluster/existing-cluster.ts';
import { reportOf } from '../cluster/report/report.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printLine } from '../output/print.ts';
import { type OutputOptions, outputFlag, printJson } from './output-flag.ts';
import { statusLines } from './status-lines.ts';

export const status: CommandDefinition<ClusterOptions & OutputOptions> = {
  name: 'status',
  heading: 'Clusters',
  about: 'Tell what runs and what is unwell; fails when the API does not answer.',
  ofCluster: true,
  options: [outputFlag()],
  run: ({ options }, ctx) => tellStatus(options, ctx),
};

async function tellStatus(options: ClusterOptions & OutputOptions, ctx: Context): Promise<void> {
  const { dir, facts } = existingCluster(options);
  const report = await reportOf(dir, facts, ctx);
  if (options.output === 'json') printJson(report);
  else for (const line of statusLines(report, ctx.clock.now())) printLine(line);
  if (report.nodes) return;
  // Why stands above.
  if (report.state !== 'stopped') throw new Error(`the API of cluster "${dir.name}" does not answer`);
  throw new Error(`cluster "${dir.name}" is stopped; start it with: ${called} up${dir.flags}`);
}
