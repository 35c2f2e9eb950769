import type { Duplex, Readable } from 'node:stream';
import type { Context } from '@kubernest/kit';

/**
 * What runs pods on one machine: Docker Engine, or nothing at all (hollow). Only the kubelet calls it. Everything is safe to call
 * again: stopping what has stopped and removing what is gone is success. Every call rejects with `signal.reason` when aborted and
 * with `RuntimeUnavailableError` while the engine is away. Ids are the runtime's own; names never identify.
 */
export interface ContainerRuntime {
  readonly name: string;
  /** Version, cgroup facts and the like, for the node's status. */
  info(ctx: Context): Promise<RuntimeInfo>;

  /** All sandboxes and containers that carry our labels of this node, running or not: one call, one truth. */
  snapshot(ctx: Context): Promise<RuntimeSnapshot>;

  /**
   * Calls `onEvent` for each change of one of our sandboxes or containers until aborted. An event says only what to look at; the
   * state is in the next `snapshot` (or `inspect`). Rejects with `RuntimeUnavailableError` when the engine goes away: look again, then listen again.
   */
  events(onEvent: (event: RuntimeEvent) => void, ctx: Context): Promise<void>;

  /** Makes and starts a pod's sandbox: its network namespace exists afterwards with only `lo`; wiring it is the network's work. */
  runSandbox(config: SandboxConfig, ctx: Context): Promise<SandboxState>;
  /** Stops the sandbox's process. Its containers must have been stopped. */
  stopSandbox(id: string, ctx: Context): Promise<void>;
  removeSandbox(id: string, ctx: Context): Promise<void>;

  /** Creates, not starts. Throws `ContainerConfigError` for what can never start. */
  createContainer(config: ContainerConfig, ctx: Context): Promise<{ readonly id: string }>;
  /** Throws `ContainerStartError` with the engine's words (command not found, port taken). */
  startContainer(id: string, ctx: Context): Promise<void>;
  /** SIGTERM (or the image's stop signal), then SIGKILL after `graceSeconds`. Resolves when it has ended. */
  stopContainer(id: string, graceSeconds: number, ctx: Context): Promise<void>;
  /** Removes a container that has ended, with its writable layer. Its log goes too: only after the log's end was read or the pod is gone. */
  removeContainer(id: string, ctx: Context): Promise<void>;
  /** Present state; undefined when gone. */
  inspect(id: string, ctx: Context): Promise<ContainerState | undefined>;

  /** Runs a command to its end, for exec probes and hooks. Output is cut at 10 KiB (the probe limit). */
  execSync(id: string, command: readonly string[], timeoutSeconds: number, ctx: Context): Promise<ExecResult>;
  /** A session with streams. `resize` is honoured with a tty only. `exitCode` settles when the process ends. Ending `ctx` ends the session. */
  exec(id: string, request: ExecRequest, ctx: Context): Promise<StreamSession>;
  /** Attaches to the main process's streams. `exitCode` resolves with the container's when it ends meanwhile. */
  attach(id: string, request: Omit<ExecRequest, 'command'>, ctx: Context): Promise<StreamSession>;
  /** Opens a TCP connection to a port on the pod's loopback or address (port-forward). */
  portForward(sandboxId: string, port: number, ctx: Context): Promise<Duplex>;

  /** Every image on this machine. */
  listImages(ctx: Context): Promise<readonly ImageState[]>;
  /** The image by any reference people write (`busybox`, `busybox:1`, `name@sha256:…`, an id); undefined when not here. */
  findImage(reference: string, ctx: Context): Promise<ImageState | undefined>;
  /** Pulls. Throws `ImagePullError` with the engine's words. Credentials are those of the pod's pull secrets, tried in order. */
  pullImage(reference: string, credentials: readonly RegistryCredentials[], ctx: Context): Promise<ImageState>;
  removeImage(id: string, ctx: Context): Promise<void>;

  /** Usage of one container now; undefined when it does not run. */
  stats(id: string, ctx: Context): Promise<ContainerStats | undefined>;
}

export interface RuntimeInfo {
  readonly name: string;
  readonly version: string;
  readonly cgroupVersion: 1 | 2;
  readonly cgroupDriver: 'cgroupfs' | 'systemd';
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  /** Where the engine keeps its data: for disk figures. */
  readonly rootDir: string;
}

export interface RuntimeSnapshot {
  readonly sandboxes: readonly SandboxState[];
  readonly containers: readonly ContainerState[];
}

export interface RuntimeEvent {
  readonly type: 'started' | 'ended' | 'removed' | 'oom' | 'image';
  /** Container or sandbox id. */
  readonly id: string;
  readonly podUid: string | undefined;
}

/** The pod that a sandbox or container belongs to: kept as labels by the runtime, so that an agent that was killed finds its own again. */
export interface PodIdentity {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
}

export interface SandboxConfig {
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly hostname: string;
  /** `host` shares the machine's network; `pod` gets an own one with only `lo`. */
  readonly network: 'pod' | 'host';
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Parent cgroup of the pod, in the driver's own form; undefined: the engine's default. */
  readonly cgroupParent?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  /** `-999`…`1000`; lowered to what the machine allows. */
  readonly oomScoreAdj?: number;
}

export interface SandboxState {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly running: boolean;
  readonly createdAt: Date;
  /** `/proc/<pid>/ns/net` of a running pod network; undefined when stopped. The host's network has none either. */
  readonly netns: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

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
  /** Share the sandbox's pid namespace (shareProcessNamespace) or the machine's. */
  readonly pidNamespace: 'container' | 'pod' | 'host';
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
  readonly maskedPaths?: readonly string[];
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

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface ExecRequest {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface StreamSession {
  /** Undefined where not asked for. With a tty everything comes on stdout. */
  readonly stdin: NodeJS.WritableStream | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  resize(columns: number, rows: number): Promise<void>;
  readonly exitCode: Promise<number>;
}

export interface ImageState {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly sizeBytes: number;
  /** `User` of the image's config: '' is root. */
  readonly user: string;
}

export interface RegistryCredentials {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

export interface ContainerStats {
  readonly at: Date;
  readonly cpuNanoseconds: number;
  readonly memoryUsageBytes: number;
  readonly memoryWorkingSetBytes: number;
  readonly memoryRssBytes: number;
  readonly pids: number;
}

export class RuntimeUnavailableError extends Error {
  override readonly name = 'RuntimeUnavailableError';
}
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError';
}
export class ImagePullError extends Error {
  override readonly name = 'ImagePullError';
}

/**
 * Wires a sandbox into the node's pod network (CNI). Called by the kubelet after `runSandbox` and before the first container.
 * `attach` again for the same sandbox returns what it has; `detach` of what is not there is success.
 */
export interface PodNetwork {
  attach(request: PodNetworkRequest, ctx: Context): Promise<PodNetworkStatus>;
  detach(
    request: Omit<PodNetworkRequest, 'hostPorts'> & { readonly hostPorts?: readonly HostPort[] },
    ctx: Context,
  ): Promise<void>;
  /** Ready when plugins and pod CIDR are there; the reason otherwise (becomes the node's NetworkUnavailable/Ready message). */
  status(): { readonly ready: true } | { readonly ready: false; readonly reason: string };
  /** Called when the node's pod CIDR is known; same value again does nothing. Opens forwarding for it with chains of our own. */
  configure(
    network: { readonly podCidrs: readonly string[]; readonly clusterCidr?: string },
    ctx: Context,
  ): Promise<void>;
  /** Takes everything back that was made: bridge, chains, leases. After all sandboxes are gone. */
  teardown(ctx: Context): Promise<void>;
}

export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly hostIP?: string;
}

export interface PodNetworkRequest {
  readonly sandboxId: string;
  readonly pod: PodIdentity;
  /** Undefined on detach when the sandbox died: addresses are given back all the same. */
  readonly netns: string | undefined;
  readonly hostPorts: readonly HostPort[];
}

export interface PodNetworkStatus {
  /** Without prefix length; the first is the pod's primary address. */
  readonly ips: readonly string[];
}
