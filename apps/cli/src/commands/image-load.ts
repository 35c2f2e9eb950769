import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Context, messageOf } from '@kubernest/kit';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { chooseEngine } from '../cluster/engine.ts';
import { nodeName } from '../cluster/programs.ts';
import type { ClusterOptions } from './options.ts';

/** Loads an image into the engine that the cluster uses, and prints what it is called there. */
export async function imageLoad(
  file: string,
  options: ClusterOptions & { readonly as?: string },
  ctx: Context,
): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const { socket } = await chooseEngine(dir);
  // Loaded only here: every other command starts sooner without it.
  const { openDockerRuntime } = await import('@kubernest/runtime/docker');
  const runtime = openDockerRuntime({ socketPath: socket, cluster: dir.name, node: nodeName(dir) });
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
