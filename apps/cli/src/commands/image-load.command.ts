import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Context, messageOf } from '@kubernest/kit';
import { demandRegularFile, fileFault } from '@kubernest/process';
import { Option } from 'commander';
import { type ClusterEngine, openClusterEngine } from '../cluster/cluster-engine.ts';
import { machineEngine } from '../cluster/engine.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { PathArgument } from '../command/paths.ts';
import { printLine } from '../output/print.ts';

interface ImageLoadOptions extends ClusterOptions {
  readonly as?: string;
}

export const imageLoad: CommandDefinition<ImageLoadOptions> = {
  name: 'image load',
  heading: 'Use',
  about: "Load a `docker save` archive, the tar of a root file system, or an image of this machine's own engine.",
  ofCluster: true,
  arguments: [new PathArgument('<source>', 'a file, - for standard input, or the name of an image')],
  options: [new Option('--as <name:tag>', 'what to call it')],
  run: ({ args, options }, ctx) => loadImage(args[0]!, options, ctx),
};

/** Loads it into the engine that the cluster uses, and prints what it is called there. */
async function loadImage(source: string, options: ImageLoadOptions, ctx: Context): Promise<void> {
  const engine = await openClusterEngine(options);
  try {
    const present = await presentAs(source, engine, ctx);
    if (present && options.as === undefined)
      return printLine(`${source} is there already: the cluster uses the engine of this machine, ${engine.socket}`);
    const image = await engine.runtime.loadImage(await openSource(source, ctx), options.as, ctx);
    printLine(`loaded ${image.tags.join(', ') || image.id}`);
  } catch (error) {
    const { NamelessImageError } = await import('@kubernest/runtime/docker');
    const how = error instanceof NamelessImageError ? '; give it one with --as NAME:TAG' : '';
    throw new Error(`could not load ${source}: ${messageOf(error)}${how}`, { cause: error });
  }
}

/** An image of the engine that the cluster shares with this machine. */
async function presentAs(source: string, { own, runtime }: ClusterEngine, ctx: Context): Promise<boolean> {
  return !own && source !== '-' && !existsSync(source) && (await runtime.findImage(source, ctx)) !== undefined;
}

export async function openArchive(file: string): Promise<Readable> {
  try {
    demandRegularFile(file);
    const handle = await open(file);
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream();
    await handle.close();
  } catch (error) {
    throw new Error(fileFault(error), { cause: error });
  }
  throw new Error('it is a folder, and no archive');
}

/** A file is opened before it is handed on: the refusal of a stream that nobody listens to yet would end the process. */
async function openSource(source: string, ctx: Context): Promise<Readable> {
  if (source === '-') return process.stdin;
  if (existsSync(source)) return openArchive(source);
  const socket = await machineEngine();
  if (!socket)
    throw new Error('there is no such file, and no engine of this machine answers that may have an image of this name');
  const { openDockerRuntime } = await import('@kubernest/runtime/docker');
  const machine = openDockerRuntime({ socketPath: socket, cluster: 'none', node: 'none' });
  if (!(await machine.findImage(source, ctx)))
    throw new Error(`there is neither such a file nor such an image in the engine at ${socket}`);
  return await machine.saveImage(source, ctx);
}
