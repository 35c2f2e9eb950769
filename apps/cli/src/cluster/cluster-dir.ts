import { accessSync, constants, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { userHome } from '@kubernest/client';
import { fileFault, forShell, isMissing } from '@kubernest/process';
import { UsageError } from '../command/command.ts';
import { faultOfFacts, isClusterName } from './fault-of-facts.ts';
import { ownerOf } from './machine-users.ts';

/** Raised when the layout below a data directory changes; older programs refuse newer data. */
export const dataFormat = 1;

/** What is decided at a cluster's first start and kept for its life. */
export interface ClusterFacts {
  readonly format: number;
  readonly name: string;
  /** Tells clusters on one machine apart: addresses, bridge and chain names follow from it. */
  readonly index: number;
  readonly apiPort: number;
  readonly kubeletPort: number;
  readonly store: string;
  /** `from-to`; absent: the range that such a cluster had before this was kept. */
  readonly nodePorts?: string;
  /** What was asked for at the first start; absent: what follows from name and index. */
  readonly nodeName?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  /** What runs its pods; absent: it was made before this was kept. */
  readonly runtime?: 'docker' | 'hollow';
  /** How many nodes are simulated. The one of these that may change. */
  readonly hollowNodes?: number;
}

/** There was a cluster, and may still run, but what was decided for it is gone or damaged. */
export class LostFacts extends Error {}

/** Where everything of one cluster lives. */
export class ClusterDir {
  readonly path: string;
  /** What a command in a message needs behind its name to mean this cluster, with a space before it; empty for the customary one. */
  readonly flags: string;

  constructor(
    readonly name: string,
    dataDir?: string,
  ) {
    if (!isClusterName(name)) {
      throw new UsageError(`cluster name "${name}": use up to 32 lower-case letters, digits and dashes`);
    }
    const customary = join(parentOfClusters(), name);
    this.path = dataDir === undefined ? customary : wholePath(dataDir);
    this.flags = `${name === 'default' ? '' : ` --name ${name}`}${this.path === customary ? '' : ` --data-dir ${forShell(this.path)}`}`;
  }

  readonly in = (...parts: string[]): string => join(this.path, ...parts);
  readonly adminKubeconfig = (): string => this.in('admin.kubeconfig');
  readonly agentKubeconfig = (): string => this.in('agent', 'kubeconfig');
  readonly sealingKey = (): string => this.in('sealing.key');
  readonly pidFile = (process: string): string => this.in('run', `${process}.json`);
  readonly logFile = (process: string): string => this.in('run', `${process}.log`);
  /** The node's log directory (`pods/`, `containers/`): Kubernetes' own place for the cluster named default. */
  readonly nodeLogDir = (): string =>
    this.name === 'default' && process.getuid?.() === 0 ? '/var/log' : this.in('log');

  /** A control plane has come up here once: what it wrote then. */
  readonly hasRun = (): boolean => isThere(this.in('pki', 'apiserver.crt')) || isThere(this.adminKubeconfig());

  /** Throws where this user may not read it. */
  hasAdminKubeconfig(): boolean {
    const file = this.adminKubeconfig();
    if (!isThere(file)) return false;
    try {
      accessSync(file, constants.R_OK);
      return true;
    } catch (error) {
      throw notYours(file, error);
    }
  }

  exists(): boolean {
    return isThere(this.in('cluster.json'));
  }

  facts(): ClusterFacts | undefined {
    if (!this.exists()) {
      if (!this.hasRun()) return undefined;
      throw new LostFacts(
        `${this.in('cluster.json')} is missing, but a cluster has run in ${this.path}: its addresses and ports are not known any more. ${wayOut}`,
      );
    }
    const facts = readFacts(this.in('cluster.json'));
    if (facts.name !== this.name)
      throw new Error(`${this.path} belongs to the cluster "${facts.name}", not "${this.name}"`);
    return facts;
  }

  /** Throws rather than to keep what no command would read again. */
  save(facts: ClusterFacts): void {
    const fault = faultOfFacts(facts, dataFormat);
    if (fault) throw new Error(`${this.in('cluster.json')} is not written: ${fault}`);
    const draft = this.in('cluster.json.new');
    writeFileSync(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.in('cluster.json'));
  }
}

function wholePath(path: string): string {
  try {
    return resolve(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UsageError(
      `--data-dir ${path} begins in the current folder, which somebody has removed: name a whole path`,
    );
  }
}

/** Throws, with the way out, what is wrong with them. */
export function readFacts(file: string): ClusterFacts {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (isDenied(error)) throw notYours(file, error);
    throw new LostFacts(`${file} cannot be read: ${fileFault(error)}. ${wayOut}`, { cause: error });
  }
  const fault = faultOfFacts(read, dataFormat);
  if (fault) throw new LostFacts(`${file} cannot be read: ${fault}. ${wayOut}`);
  const facts = read as ClusterFacts;
  if (facts.format > dataFormat)
    throw new Error(
      `${dirname(file)} was written by a newer Kubernest (format ${facts.format}, this one knows ${dataFormat}); upgrade Kubernest`,
    );
  return facts;
}

/** Throws where this user may not know. */
function isThere(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isDenied(error)) throw notYours(file, error);
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');

const notYours = (file: string, cause: unknown): Error =>
  new Error(
    `${file} cannot be read by this user: run this as ${ownerOf(file)}, whose cluster it is, such as with sudo -u ${ownerOf(file)}`,
    { cause },
  );

const wayOut =
  'Put it back from a backup; to begin anew, stop what still runs with down, remove the directory, and forget it with down --purge';

/** The folder that holds the data directories of this user's clusters. */
export function parentOfClusters(): string {
  return process.getuid?.() === 0 ? rootsClusters : homeClusters(userHome());
}

export const rootsClusters = '/var/lib/kubernest';
export const homeClusters = (home: string): string => join(home, '.local/share/kubernest');
