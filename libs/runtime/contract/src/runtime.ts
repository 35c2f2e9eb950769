import type { Duplex } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type { ContainerConfig, ContainerState, ContainerStats } from './container.ts';
import type { ImageState, RegistryCredentials } from './image.ts';
import type { SandboxConfig, SandboxState } from './sandbox.ts';
import type { ExecRequest, ExecResult, StreamSession } from './session.ts';

/**
 * What runs pods on one machine: Docker Engine, or nothing at all (hollow). Only the kubelet calls it. Everything is safe to call
 * again: stopping what has stopped and removing what is gone is success. Every call rejects with `signal.reason` when aborted and
 * with `RuntimeUnavailableError` while the engine is away. Ids are the runtime's own; names never identify.
 *
 * A call that makes, starts, stops or removes something and then rejects, for whatever reason, may have done its work all the same, or
 * may do it yet: whoever called asks `snapshotOf` before going on, and listens for `created`.
 */
export interface ContainerRuntime {
  readonly name: string;
  /** Version, cgroup facts and the like, for the node's status. */
  info(ctx: Context): Promise<RuntimeInfo>;

  /** All sandboxes and containers that carry our labels of this node, running or not: one call, one truth. */
  snapshot(ctx: Context): Promise<RuntimeSnapshot>;
  /** The same of one pod, asked of the engine anew. */
  snapshotOf(podUid: string, ctx: Context): Promise<RuntimeSnapshot>;

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
  /** Removes a container that does not run, with its writable layer; one that runs is refused. Its log goes too: only after the log's end was read or the pod is gone. */
  removeContainer(id: string, ctx: Context): Promise<void>;
  /** Present state; undefined when gone. */
  inspect(id: string, ctx: Context): Promise<ContainerState | undefined>;

  /** Runs a command to its end, for exec probes and hooks. Output is cut at 10 KiB (the probe limit). */
  execSync(id: string, command: readonly string[], timeoutSeconds: number, ctx: Context): Promise<ExecResult>;
  /**
   * A session with streams. `resize` is honoured with a tty only. `exitCode` settles when the process ends. Ending `ctx` ends the session:
   * its input is at its end, and what still runs of it gets SIGHUP, and SIGKILL after 5 s; but not what began a session (`setsid`) of its own.
   */
  exec(id: string, request: ExecRequest, ctx: Context): Promise<StreamSession>;
  /** Attaches to the main process's streams. `exitCode` resolves with the container's when it ends meanwhile. Ending `ctx` ends no process. */
  attach(id: string, request: Omit<ExecRequest, 'command'>, ctx: Context): Promise<StreamSession>;
  /** Opens a TCP connection to a port on the pod's loopback or address (port-forward). */
  portForward(sandboxId: string, port: number, ctx: Context): Promise<Duplex>;

  /** Every image on this machine. */
  listImages(ctx: Context): Promise<readonly ImageState[]>;
  /** The image by any reference people write (`busybox`, `busybox:1`, `name@sha256:…`, an id); undefined when not here. */
  findImage(reference: string, ctx: Context): Promise<ImageState | undefined>;
  /** Pulls. Throws `ImagePullError` with the engine's words. Credentials are those of the pod's pull secrets, tried in order. */
  pullImage(reference: string, credentials: readonly RegistryCredentials[], ctx: Context): Promise<ImageState>;
  /**
   * By an id all names of the image, by a name this one; already gone is success. Throws, naming it, while a container is there that was made
   * from the image, whosesoever and whether it runs or not.
   */
  removeImage(reference: string, ctx: Context): Promise<void>;

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
  readonly type: 'created' | 'started' | 'ended' | 'removed' | 'oom' | 'image';
  /** Container or sandbox id. */
  readonly id: string;
  readonly podUid: string | undefined;
}
