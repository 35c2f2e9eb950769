import { randomBytes } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import {
  type ContainerConfig,
  ContainerConfigError,
  ContainerStartError,
  type ContainerState,
  type Mount,
} from '@kubernest/runtime/contract';
import type { ContainerCreateOptions } from 'dockerode';
import { containerSpec, type SandboxFacts } from './container-spec.ts';
import type { Engine } from './engine.ts';
import { engineCall, engineWords, isGone, statusOf } from './engine-error.ts';
import { parseLabels } from './labels.ts';
import { ignoreGone, type Sandboxes } from './sandboxes.ts';
import { containerState, type Inspected, isRunning } from './state.ts';

export class Containers {
  constructor(
    private readonly engine: Engine,
    private readonly sandboxes: Sandboxes,
  ) {}

  async create(config: ContainerConfig, ctx: Context): Promise<{ readonly id: string }> {
    if ((config.resources.oomScoreAdj ?? 0) < 0 && !this.engine.features.known) await this.#probeOomFloor(config, ctx);
    const sandbox = await this.#sandboxFacts(config, ctx);
    const spec = containerSpec(config, sandbox, this.engine.owner, this.engine.features.oomFloor);
    await Promise.all(config.mounts.map(makeSource));
    try {
      return await this.#createNamed(spec, ctx);
    } catch (error) {
      // Whatever its status: an engine answers 500, too, where the settings are wrong.
      if (statusOf(error) !== undefined) throw new ContainerConfigError(engineWords(error), { cause: error });
      throw error;
    }
  }

  async start(id: string, ctx: Context): Promise<void> {
    try {
      await this.engine.queue.run(ctx.signal, () => engineCall(ctx, () => this.engine.docker.getContainer(id).start()));
    } catch (error) {
      const status = statusOf(error);
      if (status === 304) return;
      if (status !== undefined) throw new ContainerStartError(engineWords(error), { cause: error });
      throw error;
    }
  }

  async stop(id: string, graceSeconds: number, ctx: Context): Promise<void> {
    await ignoreGone(() =>
      engineCall(ctx, () => this.engine.docker.getContainer(id).stop({ t: Math.max(0, Math.round(graceSeconds)) })),
    );
  }

  async remove(id: string, ctx: Context): Promise<void> {
    await ignoreGone(() => engineCall(ctx, () => this.engine.docker.getContainer(id).remove({ v: true })));
  }

  async inspectRaw(id: string, ctx: Context): Promise<Inspected | undefined> {
    try {
      return await engineCall(ctx, () => this.engine.docker.getContainer(id).inspect());
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async inspect(id: string, ctx: Context): Promise<ContainerState | undefined> {
    const info = await this.inspectRaw(id, ctx);
    const parsed = info && parseLabels(info.Config.Labels, this.engine.owner);
    return info && parsed?.type === 'container' ? containerState(info, parsed) : undefined;
  }

  async #sandboxFacts(config: ContainerConfig, ctx: Context): Promise<SandboxFacts> {
    const info = await this.inspectRaw(config.sandboxId, ctx);
    if (!info) throw new ContainerConfigError(`container ${config.name}: sandbox ${config.sandboxId} is gone`);
    if (!isRunning(info))
      throw new ContainerConfigError(`container ${config.name}: sandbox ${config.sandboxId} does not run`);
    const { NetworkMode: network, IpcMode: ipc, CgroupParent: cgroupParent } = info.HostConfig;
    return { hostNetwork: network === 'host', hostIpc: ipc === 'host', cgroupParent: cgroupParent ?? '' };
  }

  /** A name left by an earlier life of this agent: what was only created is taken, what ran keeps its name and ours gets a suffix. */
  async #createNamed(spec: ContainerCreateOptions, ctx: Context): Promise<{ readonly id: string }> {
    const create = (options: ContainerCreateOptions) =>
      engineCall(ctx, () => this.engine.docker.createContainer(options));
    try {
      return { id: (await create(spec)).id };
    } catch (error) {
      if (statusOf(error) !== 409 || !/already in use/.test(engineWords(error))) throw error;
      const leftover = await this.inspectRaw(spec.name ?? '', ctx);
      const ours = leftover && parseLabels(leftover.Config.Labels, this.engine.owner);
      if (leftover && ours && leftover.State.Status === 'created' && leftover.State.ExitCode === 0)
        return { id: leftover.Id };
      return { id: (await create({ ...spec, name: `${spec.name}_${randomBytes(4).toString('hex')}` })).id };
    }
  }

  /**
   * Lowering a score needs a capability that a machine inside a container may lack, and a container with it then never starts. The probe
   * is the pod's, older than any sandbox of it: what becomes of it, it goes with the pod.
   */
  async #probeOomFloor({ pod }: ContainerConfig, ctx: Context): Promise<void> {
    const probe = await this.sandboxes.run(
      {
        pod,
        attempt: -1,
        hostname: 'probe',
        network: 'pod',
        hostPid: false,
        hostIpc: false,
        labels: {},
        annotations: {},
        oomScoreAdj: -999,
      },
      ctx,
    );
    await this.sandboxes.remove(probe.id, ctx);
  }
}

/** compat: a path of the machine that is not there becomes a directory. Where it cannot, the engine says why. */
async function makeSource({ hostPath }: Mount): Promise<void> {
  await access(hostPath).catch(() => mkdir(hostPath, { recursive: true, mode: 0o755 }).catch(() => {}));
}
