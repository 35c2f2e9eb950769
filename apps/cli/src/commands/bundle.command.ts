import { resolve } from 'node:path';
import type { Context } from '@kubernest/kit';
import { Argument } from 'commander';
import { collect } from '../bundle/collect.ts';
import { writeBundle } from '../bundle/write-bundle.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';

export const bundle: CommandDefinition<ClusterOptions> = {
  name: 'bundle',
  heading: 'Look into',
  about: 'Write one archive to attach to a bug report: versions, doctor, status, logs and objects, without secrets.',
  ofCluster: true,
  arguments: [new Argument('[file]', 'what to write (default: kubernest-NAME-DATE.tar.gz in this folder)')],
  run: ({ args, options }, ctx) => makeBundle(args[0], options, ctx),
};

async function makeBundle(given: string | undefined, options: ClusterOptions, ctx: Context): Promise<void> {
  const dir = new ClusterDir(options.name, options.dataDir);
  const date = ctx.clock.now().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const file = resolve(given ?? `kubernest-${dir.name}-${date}.tar.gz`);
  const { entries, known } = await collect(dir, ctx);
  try {
    await writeBundle(file, entries, known);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${file} is there already: name another file, or remove it`, { cause: error });
  }
  for (const entry of entries) console.log(`  ${entry.file}`);
  console.log(`wrote ${file}: values of Secrets, ConfigMaps and environment variables, keys and tokens are left out.
Names, addresses and images are in it: look through it before you hand it on.`);
}
