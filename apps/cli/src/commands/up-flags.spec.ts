import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { type CommandLine, UsageError } from '../command/command.ts';
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

function parse(flag: string, text: string): unknown {
  const option = upFlags.find(({ long }) => long === flag);
  if (!option?.parseArg) throw new Error(`${flag} takes anything`);
  return option.parseArg(text, undefined);
}

it.each([
  ['--api-port', '6443', 6443],
  ['--hollow-nodes', '0', 0],
  ['--hollow-nodes', '100000', 100_000],
  ['--store', 'sqlite', 'sqlite'],
  ['--store', 'http://127.0.0.1:2379,https://db:2379', 'http://127.0.0.1:2379,https://db:2379'],
  ['--node-ports', '30000-32767', '30000-32767'],
  ['--cluster-cidr', '10.50.0.0/16', '10.50.0.0/16'],
  ['--service-cidr', '172.20.16.0/28', '172.20.16.0/28'],
  ['--node-name', 'edge.lab', 'edge.lab'],
])('%s takes %s', (flag, text, value) => expect(parse(flag, text)).toBe(value));

it.each([
  ['--api-port', '0'],
  ['--api-port', '65536'],
  ...['--api-port', '--hollow-nodes'].flatMap((flag) =>
    ['0x1F', '1e3', ' 5 ', '5.0', '+5', '05', '', '5\n'].map((text) => [flag, text]),
  ),
  ['--hollow-nodes', '-1'],
  ['--hollow-nodes', '1.5'],
  ['--hollow-nodes', ''],
  ['--hollow-nodes', '100001'],
  ['--node-ports', '32767-30000'],
  ['--node-ports', '0-100'],
  ['--node-ports', '030000-031000'],
  ['--node-ports', '1e3-2e3'],
  ['--node-ports', ' 30000-31000'],
  ['--node-ports', '1-65536'],
  ['--node-name', 'A'],
  ['--cluster-cidr', '10.0.0.0/7'],
  ['--cluster-cidr', '10.0.0.0/25'],
  ['--cluster-cidr', 'fd00::/16'],
  ...['--cluster-cidr', '--service-cidr'].flatMap((flag) =>
    ['010.60.0.0/16', '10.60.0.1/16', '10.60.0.0/016', ' 10.60.0.0/16', '10.60/16'].map((text) => [flag, text]),
  ),
  ['--service-cidr', '10.0.0.0/29'],
  ...['--cluster-cidr', '--service-cidr'].flatMap((flag) =>
    ['0.0.0.0/8', '127.0.0.0/8', '127.4.0.0/16', '169.254.0.0/16', '224.0.0.0/8', '255.0.0.0/8'].map((range) => [
      flag,
      range,
    ]),
  ),
])('%s refuses %s', (flag, text) => expect(() => parse(flag!, text!)).toThrow(InvalidArgumentError));

it.each([
  'http://root:secret@db:2379',
  'http://a:2379,https://root@db:2379',
  'http://root:secret',
  'root:secret',
  'somewhere,secret',
  'sqlite,http://db:2379,secret',
])('a store is reached without user and password, and what is no store is not said again: %s', (text) => {
  const refused = (): unknown => parse('--store', text);
  expect(refused).toThrow(UsageError);
  expect(refused).not.toThrow(/secret|root@/);
});
