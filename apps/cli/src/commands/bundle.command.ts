import { resolve } from 'node:path';
import type { Context } from '@kubernest/kit';
import { Option } from 'commander';
import { collect } from '../bundle/collect.ts';
import { writeBundle } from '../bundle/write-bundle.ts';
import { existingCluster } from '../cluster/existing-cluster.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { PathArgument } from '../command/paths.ts';
import { printLine, printLines } from '../output/print.ts';

interface BundleOptions extends ClusterOptions {
  readonly unsearched?: boolean;
}

export const bundle: CommandDefinition<BundleOptions> = {
  name: 'bundle',
  heading: 'Look into',
  about: 'Write one archive to attach to a bug report: versions, doctor, status, logs and objects, without secrets.',
  ofCluster: true,
  arguments: [new PathArgument('[file]', 'what to write (default: kubernest-NAME-DATE.tar.gz in this folder)')],
  options: [
    new Option('--unsearched', 'put logs and status in even where the Secrets cannot be read to look for them there'),
  ],
  run: ({ args, options }, ctx) => makeBundle(args[0], options, ctx),
};

async function makeBundle(given: string | undefined, options: BundleOptions, ctx: Context): Promise<void> {
  const { dir } = existingCluster(options);
  const date = ctx.clock.now().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const file = resolve(given ?? `kubernest-${dir.name}-${date}.tar.gz`);
  const { entries, known, unsearched } = await collect(dir, { unsearched: options.unsearched === true }, ctx);
  await writeBundle(file, entries, known);
  for (const entry of entries) printLine(`  ${entry.file}`);
  printLines(
    `wrote ${file}: values of Secrets, ConfigMaps and environment variables, commands, annotations, keys and tokens are left out.`,
    'Names, addresses and images are in it: look through it before you hand it on.',
  );
  if (unsearched === undefined) return;
  printLine(
    options.unsearched
      ? `The cluster's Secrets could not be read (${unsearched}): their values may stand in the logs.`
      : `The cluster's Secrets could not be read (${unsearched}). Status, logs and objects may hold their values and are left out; --unsearched puts them in.`,
  );
}
