import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '@kubernest/kit';

/** Raised when the layout below a data directory changes; older programs refuse newer data. */
export const dataFormat = 1;

/** What is decided at a cluster's first start and kept for its life. */
export interface ClusterFacts {
  readonly format: number;
  readonly name: string;
  /** Tells clusters on one machine apart: ranges, bridge and chain names follow from it. */
  readonly index: number;
  readonly apiPort: number;
  readonly kubeletPort: number;
  readonly store: string;
}

/** Where everything of one cluster lives. */
export class ClusterDir {
  readonly path: string;

  constructor(
    readonly name: string,
    dataDir?: string,
  ) {
    if (!/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(name)) {
      throw new Error(`cluster name "${name}": use up to 32 lower-case letters, digits and dashes`);
    }
    this.path = resolve(dataDir ?? join(parentOfClusters(), name));
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

  exists(): boolean {
    return existsSync(this.in('cluster.json'));
  }

  facts(): ClusterFacts | undefined {
    if (!this.exists()) return undefined;
    const facts = readFacts(this.in('cluster.json'));
    if (facts.format > dataFormat) {
      throw new Error(
        `${this.path} was written by a newer Kubernest (format ${facts.format}, this one knows ${dataFormat}); upgrade Kubernest`,
      );
    }
    if (facts.name !== this.name)
      throw new Error(`${this.path} belongs to the cluster "${facts.name}", not "${this.name}"`);
    return facts;
  }

  save(facts: ClusterFacts): void {
    mkdirSync(this.in('run'), { recursive: true, mode: 0o700 });
    chmodSync(this.path, 0o711);
    const draft = this.in('cluster.json.new');
    writeFileSync(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.in('cluster.json'));
  }
}

function readFacts(file: string): ClusterFacts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterFacts;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The folder that holds the data directories of this user's clusters. */
export function parentOfClusters(): string {
  return process.getuid?.() === 0 ? '/var/lib/kubernest' : join(homedir(), '.local/share/kubernest');
}
