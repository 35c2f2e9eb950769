import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { UsageError } from '../command/command.ts';
import { upFlags } from './up-flags.ts';

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
  ['--hollow-nodes', '-1'],
  ['--hollow-nodes', '1.5'],
  ['--hollow-nodes', ''],
  ['--hollow-nodes', '100001'],
  ['--store', 'somewhere'],
  ['--store', 'sqlite,http://db:2379'],
  ['--node-ports', '32767-30000'],
  ['--node-ports', '0-100'],
  ['--node-ports', '1-65536'],
  ['--node-name', 'A'],
  ['--cluster-cidr', '10.0.0.0/7'],
  ['--cluster-cidr', '10.0.0.0/25'],
  ['--cluster-cidr', 'fd00::/16'],
  ['--service-cidr', '10.0.0.0/29'],
  ...['--cluster-cidr', '--service-cidr'].flatMap((flag) =>
    ['0.0.0.0/8', '127.0.0.0/8', '127.4.0.0/16', '169.254.0.0/16', '224.0.0.0/8', '255.0.0.0/8'].map((range) => [
      flag,
      range,
    ]),
  ),
])('%s refuses %s', (flag, text) => expect(() => parse(flag!, text!)).toThrow(InvalidArgumentError));

it.each(['http://root:secret@db:2379', 'http://a:2379,https://root@db:2379'])(
  'a store is reached without user and password, which are not said again: %s',
  (text) => {
    const refused = (): unknown => parse('--store', text);
    expect(refused).toThrow(UsageError);
    expect(refused).not.toThrow(/secret|root@/);
  },
);
