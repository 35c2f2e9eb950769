import { ipv4Text, parseIpv4Range, validateDns1123Subdomain } from '@kubernest/meta';
import { NoStoreError, storeAddresses } from '@kubernest/process';
import { InvalidArgumentError, Option } from 'commander';
import { givenFlags } from '../boot/given-flags.ts';
import type { ClusterDir } from '../cluster/cluster-dir.ts';
import { isPortRange } from '../cluster/fault-of-facts.ts';
import type { Wishes } from '../cluster/lasting-facts.ts';
import { reservedFor } from '../cluster/reserved-ranges.ts';
import { type ClusterOptions, type CommandLine, UsageError } from '../command/command.ts';

export interface UpOptions extends ClusterOptions {
  readonly detach?: boolean;
  readonly apiPort?: number;
  readonly runtime?: 'docker' | 'hollow';
  readonly hollowNodes?: number;
  readonly store?: string;
  readonly nodePorts?: string;
  readonly clusterCidr?: string;
  readonly serviceCidr?: string;
  readonly nodeName?: string;
  readonly addons: boolean;
  readonly install: boolean;
}

export const upFlags: readonly Option[] = [
  new Option('-d, --detach', 'return when it is ready and leave it running'),
  new Option('--api-port <port>', 'port of the API (default: 6443 or the next free one)').argParser(port),
  new Option('--runtime <runtime>', 'what runs pods (default: docker)').choices(['docker', 'hollow']),
  new Option('--hollow-nodes <count>', 'simulated nodes with --runtime=hollow (default: 1)').argParser(count),
  new Option('--store <store>', 'sqlite, or comma-separated etcd addresses (default: sqlite)').argParser(store),
  new Option('--node-ports <from-to>', 'ports of the machine for Services (default: 30000-32767)').argParser(portRange),
  new Option(
    '--cluster-cidr <range>',
    'addresses of pods (default: 10.244.0.0/16 for the cluster named default, else a range of its own)',
  ).argParser(rangeUpTo(24)),
  new Option(
    '--service-cidr <range>',
    'addresses of Services (default: 10.96.0.0/16 for the cluster named default, else a range of its own)',
  ).argParser(rangeUpTo(28)),
  new Option(
    '--node-name <name>',
    'what the node is called (default: kubernest for the cluster named default, else kubernest-NAME)',
  ).argParser(nodeName),
  new Option('--no-addons', 'leave the pods of kube-system out'),
  new Option('--no-install', 'go on without Debian packages that are missing; only npm start would install them'),
];

/** Of what holds the cluster itself, in the background or as a unit. */
export const holdingFlags = upFlags.filter(({ long }) => long !== '--detach');

/** What starts the same cluster and holds it: all of it, so that no file of `--config` is read again. */
export const flagsToHold = (dir: ClusterDir, line: CommandLine<UpOptions>): readonly string[] => [
  `--name=${dir.name}`,
  `--data-dir=${dir.path}`,
  ...givenFlags(holdingFlags, line),
];

export const wishesOf = (options: UpOptions): Wishes => ({
  apiPort: options.apiPort,
  runtime: options.runtime,
  store: options.store,
  nodePorts: options.nodePorts,
  nodeName: options.nodeName,
  podCidr: options.clusterCidr,
  serviceCidr: options.serviceCidr,
});

/** As people write it: what else JavaScript reads (`0x1F`, `1e3`, blanks) somebody did not mean. NaN for that. */
const plainNumber = (text: string): number => (/^(0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN);

function port(text: string): number {
  const value = plainNumber(text);
  if (!(value >= 1 && value <= 65535)) throw new InvalidArgumentError('a port is a number from 1 to 65535');
  return value;
}

/** The agent takes no more. */
const mostHollowNodes = 100_000;

function count(text: string): number {
  const value = plainNumber(text);
  if (!(value <= mostHollowNodes)) throw new InvalidArgumentError(`a count is a number from 0 to ${mostHollowNodes}`);
  return value;
}

function store(text: string): string {
  try {
    storeAddresses(text);
    return text;
  } catch (error) {
    if (!(error instanceof NoStoreError)) throw error;
    // Of an argument that is invalid, commander says again what was typed: with a password, maybe.
    throw new UsageError(error.holdsSecret ? error.message : `--store takes ${error.message}`);
  }
}

function portRange(text: string): string {
  if (!isPortRange(text) || /\b0/.test(text)) throw new InvalidArgumentError('a range such as 30000-32767');
  return text;
}

/** A longer prefix leaves no room: a node takes a /24 of the pods' range, and the cluster's DNS is the tenth Service. */
function rangeUpTo(bits: number): (text: string) => string {
  return (text) => {
    const range = parseIpv4Range(text);
    if (!range || range.bits > bits || range.bits < 8)
      throw new InvalidArgumentError(`an IPv4 range from /8 to /${bits}, such as 10.50.0.0/16`);
    const plain = `${ipv4Text(range.first)}/${range.bits}`;
    if (text !== plain) throw new InvalidArgumentError(`that range is written ${plain}`);
    const reserved = reservedFor(text);
    if (reserved) throw new InvalidArgumentError(`${reserved}; a range such as 10.50.0.0/16`);
    return text;
  };
}

function nodeName(text: string): string {
  const [fault] = validateDns1123Subdomain(text);
  // The node's name is also the value of its label kubernetes.io/hostname.
  if (fault || text.length > 63) throw new InvalidArgumentError(fault ?? 'must be no more than 63 characters');
  return text;
}
