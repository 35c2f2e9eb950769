import { type Context, isAborted, messageOf, silentLogger, systemClock } from '@kubernest/kit';
import { announceFailure, rootSignal } from '@kubernest/process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type DownOptions, down } from './commands/down.ts';
import { imageLoad } from './commands/image-load.ts';
import { kubeconfig } from './commands/kubeconfig.ts';
import type { ClusterOptions } from './commands/options.ts';
import { runProgram } from './commands/run-program.ts';
import { status } from './commands/status.ts';
import { type UpOptions, up } from './commands/up.ts';

const signal = rootSignal();
const ctx: Context = { signal, clock: systemClock, log: silentLogger };

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidArgumentError('a port is a number from 1 to 65535');
  return value;
}
function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a count is 0 or more');
  return value;
}

const program = new Command('kubernest').description('A cluster that speaks the Kubernetes API.').showHelpAfterError();
const aboutOneCluster = (name: string, parent = program): Command =>
  parent
    .command(name)
    .option('--name <name>', 'which cluster', 'default')
    .option(
      '--data-dir <dir>',
      'where its data lives (default: /var/lib/kubernest/NAME, or ~/.local/share/kubernest/NAME)',
    );

aboutOneCluster('up')
  .description('Start a cluster and hold it; Ctrl-C stops it, its objects stay.')
  .option('-d, --detach', 'return when it is ready and leave it running')
  .option('--api-port <port>', 'port of the API (default: 6443 or the next free one)', port)
  .addOption(new Option('--runtime <runtime>', 'what runs pods').choices(['docker', 'hollow']).default('docker'))
  .option('--hollow-nodes <count>', 'simulated nodes with --runtime=hollow', count, 1)
  .option('--store <store>', 'sqlite, or comma-separated etcd addresses (default: sqlite)')
  .option('--no-addons', 'leave the pods of kube-system out')
  .option('--no-install', 'never install Debian packages')
  .action((options: UpOptions) => up(options, ctx));
aboutOneCluster('down')
  .description('Stop a cluster.')
  .option('--purge', 'also remove its data and its kubeconfig context')
  .action((options: DownOptions) => down(options, ctx));
aboutOneCluster('status')
  .description('Tell what runs.')
  .action((options: ClusterOptions) => status(options, ctx));
aboutOneCluster('kubeconfig')
  .description("Print the administrator's kubeconfig.")
  .action((options: ClusterOptions) => kubeconfig(options, ctx));

for (const [name, file, what] of [
  ['server', 'api', 'Run the control plane alone.'],
  ['agent', 'node-agent', 'Run the node agent alone.'],
] as const) {
  program
    .command(name)
    .description(`${what} Takes the flags of the program itself.`)
    .allowUnknownOption()
    .helpOption(false)
    .argument('[flags...]')
    .action(async (flags: string[]) => {
      process.exitCode = await runProgram(file, flags, signal);
    });
}

const image = program.command('image').description("Images of a cluster's engine.");
aboutOneCluster('load', image)
  .description('Load a `docker save` archive or the tar of a root file system.')
  .argument('<file>', 'the archive, or - for standard input')
  .option('--as <name:tag>', 'what to call it')
  .action((file: string, options: ClusterOptions & { as?: string }) => imageLoad(file, options, ctx));

try {
  await program.parseAsync();
  if (signal.aborted) process.exitCode ??= 0;
} catch (error) {
  if (!(signal.aborted && isAborted(error))) {
    console.error(`kubernest: ${messageOf(error)}`);
    announceFailure(messageOf(error));
    process.exitCode = 1;
  }
}
