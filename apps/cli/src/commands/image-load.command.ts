import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Context, messageOf } from '@kubernest/kit';
import { Argument, Option } from 'commander';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { chooseEngine } from '../cluster/engine.ts';
import { noSuchCluster } from '../cluster/no-such-cluster.ts';
import { nodeNameOf } from '../cluster/programs.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';

interface ImageLoadOptions extends ClusterOptions {
  readonly as?: string;
}

export const imageLoad: CommandDefinition<ImageLoadOptions> = {
  name: 'image load',
  heading: 'Use',
  about: 'Load a `docker save` archive or the tar of a root file system.',
  ofCluster: true,
  arguments: [new Argument('<file>', 'the archive, or - for standard input')],
  options: [new Option('--as <name:tag>', 'what to call it')],
  run: ({ args, options }, ctx) => loadImage(args[0]!, options, ctx),
};

/** Loads it into the engine that the cluster uses, and prints what it is called there. */
async function loadImage(file: string, options: ImageLoadOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const facts = dir.facts();
  if (!facts) throw noSuchCluster(dir);
  const { socket } = await chooseEngine(dir);
  // Loaded only here: every other command starts sooner without it.
  const { openDockerRuntime } = await import('@kubernest/runtime/docker');
  const runtime = openDockerRuntime({ socketPath: socket, cluster: dir.name, node: nodeNameOf(facts) });
  try {
    const image = await runtime.loadImage(await openSource(file), options.as, ctx);
    console.log(`loaded ${image.tags.join(', ') || image.id}`);
  } catch (error) {
    throw new Error(`could not load ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Opened before it is handed on: the refusal of a stream that nobody listens to yet would end the process. */
async function openSource(file: string): Promise<Readable> {
  return file === '-' ? process.stdin : (await open(file)).createReadStream();
}
