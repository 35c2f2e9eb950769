import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { CommandLine } from '../command/command.ts';
import { buildProgram } from '../command/program.ts';
import { flagsToHold, type UpOptions, upFlags } from './up-flags.ts';

/** How `up` understands these arguments. */
async function read(args: readonly string[]): Promise<CommandLine<UpOptions>> {
  const lines: CommandLine<UpOptions>[] = [];
  const command = { name: 'up', heading: 'Clusters', about: 'Start.', ofCluster: true, options: upFlags } as const;
  const program = buildProgram([{ ...command, run: async () => {} }], async (line) => {
    lines.push(line as CommandLine<UpOptions>);
  });
  await program.parseAsync(['up', ...args], { from: 'user' });
  return lines[0]!;
}

const wishes = ['--runtime=hollow', '--hollow-nodes=3', '--api-port=7000', '--no-addons', '--node-ports=31000-31999'];
const inFile =
  'detach: true\nname: far\nruntime: hollow\nhollow-nodes: 3\napi-port: 7000\naddons: false\nnode-ports: 31000-31999\n';

it.each([
  ['on the command line', ['--detach', '--name=far', ...wishes]],
  ['in short', ['-d', '--name', 'far', ...wishes]],
  ['in the file of --config', ['--config=FILE']],
])('what holds a cluster in the background starts the same one, and is not sent there again: %s', async (_, args) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubernest-flags-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, inFile);
  const line = await read(args.map((arg) => arg.replace('FILE', file)));
  expect(line.options.detach).toBe(true);
  rmSync(file);
  const dir = new ClusterDir(line.options.name, join(folder, 'data'));
  const { options } = await read(flagsToHold(dir, line));
  const { detach: _1, config: _2, dataDir: _3, ...same } = line.options as UpOptions & { readonly config?: string };
  expect(options).toEqual({ ...same, dataDir: dir.path });
});
