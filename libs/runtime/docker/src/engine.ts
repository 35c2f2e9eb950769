import { availableParallelism } from 'node:os';
import Docker from 'dockerode';
import type { CgroupDriver } from './cgroup-parent.ts';
import type { Owner } from './labels.ts';
import type { MadeImage } from './made-image.ts';
import type { EngineFeatures } from './sandbox-spec.ts';
import { StartQueue } from './start-queue.ts';

export interface DockerRuntimeOptions {
  /** The engine's socket, e.g. `/var/run/docker.sock`. */
  readonly socketPath: string;
  /** Name of the cluster and of this node: what is not labelled so is never seen or touched. */
  readonly cluster: string;
  readonly node: string;
  /** Images that are made here instead of pulled. */
  readonly madeImages?: readonly MadeImage[];
  /** Static busybox of which the sandbox image and `madeImages` are made and which relays to loopback-only ports; `/bin/busybox`. */
  readonly busyboxPath?: string;
  /** Starts at once; two per core unless given, as starts are bound by CPU. */
  readonly maxStarts?: number;
  /** Where cgroup file systems are mounted; `/sys/fs/cgroup`. */
  readonly cgroupMount?: string;
}

/** What all parts of the adapter share about one engine. */
export interface Engine {
  readonly docker: Docker;
  readonly owner: Owner;
  readonly queue: StartQueue;
  readonly busyboxPath: string;
  readonly cgroupMount: string;
  /** Learnt by trying; an engine on another machine may know less. */
  features: EngineFeatures & { readonly known: boolean };
  /** Learnt from the engine's first answer. */
  cgroup: { readonly version: 1 | 2; readonly driver: CgroupDriver } | undefined;
}

export function connectEngine(options: DockerRuntimeOptions): Engine {
  return {
    docker: new Docker({ socketPath: options.socketPath }),
    owner: { cluster: options.cluster, node: options.node },
    queue: new StartQueue(options.maxStarts ?? 2 * availableParallelism()),
    busyboxPath: options.busyboxPath ?? '/bin/busybox',
    cgroupMount: options.cgroupMount ?? '/sys/fs/cgroup',
    features: { networkDisabled: true, oomFloor: -1000, known: false },
    cgroup: undefined,
  };
}
