import type { Kubectl } from '../cluster/kubectl.ts';
import type { Holder } from '../machine/listeners.ts';

/** What was read of this machine, before anything is made of it. */
export interface MachineFacts {
  readonly system: string;
  readonly arch: string;
  readonly node: string;
  readonly glibc?: string;
  /** Why Kubernest does not run on such a machine at all, or what is to be said though it does. */
  readonly refusal?: string;
  readonly warning?: string;
  readonly isRoot: boolean;
  readonly engine?: EngineFacts;
  /** One that does not answer, though pods of the cluster are its containers. */
  readonly lostEngine?: string;
  /** To start an engine with. */
  readonly dockerd?: string;
  readonly packages: readonly { readonly name: string; readonly why: string; readonly isThere: boolean }[];
  /** Absent: there is no busybox. */
  readonly busybox?: { readonly path: string; readonly isStatic: boolean };
  /** The nearest to the cluster's version, which `kubernest kubectl` runs. */
  readonly kubectl?: Kubectl;
  /** What a user gets who types `kubectl`. */
  readonly typedKubectl?: Kubectl;
  /** 1 or 2; absent where none is mounted. */
  readonly cgroupVersion?: 1 | 2;
  readonly hasOverlay: boolean;
  /** Absent where the kernel has no such setting. */
  readonly bridgeNf?: string;
  readonly ipForward?: string;
  readonly disk: DiskFacts;
  readonly memory: { readonly all: number; readonly available: number };
  readonly ports: readonly PortFacts[];
  /** The link of the default route. */
  readonly defaultRoute?: string;
  readonly resolvers: readonly string[];
  readonly hasSystemd: boolean;
  readonly cluster?: ClusterState;
}

/** A Docker Engine that answers. */
export interface EngineFacts {
  readonly socket: string;
  readonly version: string;
  readonly storageDriver: string;
  readonly cgroupDriver: string;
}

export interface DiskFacts {
  /** The data directory, or the nearest folder above it that is there. */
  readonly path: string;
  readonly bytes: number;
  readonly freeBytes: number;
  /** 0 where the file system counts none. */
  readonly inodes: number;
  readonly freeInodes: number;
}

export interface PortFacts {
  readonly port: number;
  readonly purpose: string;
  readonly isFree: boolean;
  /** There is a cluster that can have no other without being told so. */
  readonly isKept: boolean;
  /** Absent where this user may not see it. */
  readonly holder?: Holder;
}

export interface ClusterState {
  readonly name: string;
  readonly state: 'running' | 'unwell' | 'stopped';
  readonly pids: readonly number[];
  readonly unwell: readonly string[];
}
