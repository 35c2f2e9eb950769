import type { PodIdentity } from './pod-identity.ts';

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
  readonly propagation: 'private' | 'rslave' | 'rshared';
}

export interface ContainerConfig {
  readonly pod: PodIdentity;
  readonly sandboxId: string;
  readonly name: string;
  /** How often this container was started before in this pod. */
  readonly attempt: number;
  readonly kind: 'app' | 'init' | 'ephemeral';
  /** An image id from `findImage` or `pullImage`. */
  readonly imageId: string;
  /** As written in the pod. */
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly workingDir: string | undefined;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly resources: ContainerResources;
  readonly security: ContainerSecurity;
  /** Its own, or the sandbox's (shareProcessNamespace), the machine's, or that of the container with this id. */
  readonly pidNamespace: 'container' | 'pod' | 'host' | { readonly of: string };
  /** Mounted at terminationMessagePath by the kubelet through `mounts`; here for the record. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Largest size of one log file and number of files kept by the engine. */
  readonly log: { readonly maxBytes: number; readonly maxFiles: number };
}

export interface ContainerResources {
  /** Relative weight, at least 2; from the CPU request. */
  readonly cpuShares?: number;
  /** Microseconds per period; from the CPU limit. */
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  /** Bytes; from the memory limit. */
  readonly memoryLimit?: number;
  readonly oomScoreAdj?: number;
}

export interface ContainerSecurity {
  readonly privileged: boolean;
  /** `uid[:gid]`; undefined: the image's own. */
  readonly user?: string;
  readonly supplementalGroups: readonly string[];
  readonly readOnlyRootFilesystem: boolean;
  readonly allowPrivilegeEscalation: boolean;
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  /** `unconfined`, `runtime/default` or a profile's path on this machine. */
  readonly seccompProfile?: string;
  /** Nothing of /proc is hidden or read-only. */
  readonly unmaskedProc?: boolean;
  /** For machines with SELinux; others have no use for it. */
  readonly seLinux?: {
    readonly user?: string;
    readonly role?: string;
    readonly type?: string;
    readonly level?: string;
  };
}

export interface ContainerState {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly kind: 'app' | 'init' | 'ephemeral';
  readonly image: string;
  readonly imageId: string;
  readonly state: 'created' | 'running' | 'exited';
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly exitCode: number | undefined;
  readonly oomKilled: boolean;
  /** The engine's reason why it did not start or ended, if it gave one. */
  readonly error: string | undefined;
  /** The engine's own log file (json-file lines), if it keeps one. */
  readonly logPath: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerStats {
  readonly at: Date;
  readonly cpuNanoseconds: number;
  readonly memoryUsageBytes: number;
  readonly memoryWorkingSetBytes: number;
  readonly memoryRssBytes: number;
  readonly pids: number;
}
