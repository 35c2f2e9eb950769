import { createReadStream } from 'node:fs';
import type { Context } from '@kubernest/kit';
import { loadImage } from '@kubernest/runtime/docker';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { chooseEngine } from '../cluster/engine.ts';
import type { ClusterOptions } from './options.ts';

/** Loads an image into the engine that the cluster uses, and prints what it is called there. */
export async function imageLoad(
  file: string,
  options: ClusterOptions & { readonly as?: string },
  ctx: Context,
): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const { socket } = await chooseEngine(dir);
  const source = file === '-' ? process.stdin : createReadStream(file);
  for (const name of await loadImage({ socketPath: socket, source, as: options.as }, ctx))
    console.log(`loaded ${name}`);
}
