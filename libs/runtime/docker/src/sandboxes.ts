import type { Context } from '@kubernest/kit';
import { ContainerStartError, type SandboxConfig, type SandboxState } from '@kubernest/runtime/contract';
import { checkCgroupParent } from './cgroup-parent.ts';
import type { Engine } from './engine.ts';
import { engineCall, engineWords, isGone, statusOf } from './engine-error.ts';
import { engineFacts } from './engine-facts.ts';
import { type ImportedImage, importImage } from './import-image.ts';
import { engineName, parseLabels } from './labels.ts';
import { buildSandboxImage, sandboxImageLabel } from './sandbox-image.ts';
import { type EngineFeatures, sandboxSpec } from './sandbox-spec.ts';
import { sandboxState } from './state.ts';

/** A pause process ends at once; the rest is for a machine under load. */
const stopSeconds = 2;

export class Sandboxes {
  #image: Promise<ImportedImage> | undefined;
  #ensuring: Promise<string> | undefined;

  constructor(private readonly engine: Engine) {}

  async run(config: SandboxConfig, ctx: Context): Promise<SandboxState> {
    if (config.cgroupParent) checkCgroupParent((await engineFacts(this.engine, ctx)).driver, config.cgroupParent);
    let failure: unknown;
    // What an engine says when it lacks something names anything but that: so the plainer ways are tried in turn.
    for (const features of candidates(this.engine.features)) {
      const id = await this.#create(config, features, ctx);
      try {
        await this.engine.queue.run(ctx.signal, () =>
          engineCall(ctx, () => this.engine.docker.getContainer(id).start()),
        );
        this.engine.features = { ...features, known: true };
        return await this.#inspect(id, ctx);
      } catch (error) {
        if (statusOf(error) === undefined) throw error;
        await this.remove(id, ctx);
        failure ??= error;
      }
    }
    throw new ContainerStartError(engineWords(failure), { cause: failure });
  }

  async stop(id: string, ctx: Context): Promise<void> {
    await ignoreGone(() => engineCall(ctx, () => this.engine.docker.getContainer(id).stop({ t: stopSeconds })));
  }

  async remove(id: string, ctx: Context): Promise<void> {
    await ignoreGone(() => engineCall(ctx, () => this.engine.docker.getContainer(id).remove({ force: true, v: true })));
  }

  /** The sandbox image, made when it is not there. Two pods that both miss it make it once. */
  ensureImage(ctx: Context): Promise<string> {
    this.#ensuring ??= this.#ensureImage(ctx).finally(() => {
      this.#ensuring = undefined;
    });
    return this.#ensuring;
  }

  /** Those of older versions too. One that a sandbox of another cluster uses stays. */
  async removeImages(ctx: Context): Promise<void> {
    const { docker } = this.engine;
    const filters = JSON.stringify({ label: [sandboxImageLabel] });
    const images = await engineCall(ctx, () => docker.listImages({ filters }));
    for (const { Id } of images) {
      await engineCall(ctx, () => docker.getImage(Id).remove()).catch((error: unknown) => {
        if (!isGone(error) && statusOf(error) !== 409) throw error;
      });
    }
  }

  async #ensureImage(ctx: Context): Promise<string> {
    const image = await this.#built();
    const { docker } = this.engine;
    const here = await engineCall(ctx, () => docker.getImage(image.reference).inspect()).then(
      () => true,
      (error: unknown) => {
        if (isGone(error)) return false;
        throw error;
      },
    );
    if (!here) await importImage(docker, image, ctx);
    return image.reference;
  }

  #built(): Promise<ImportedImage> {
    this.#image ??= buildSandboxImage(this.engine.busyboxPath).catch((error: unknown) => {
      this.#image = undefined;
      throw error;
    });
    return this.#image;
  }

  async #create(config: SandboxConfig, features: EngineFeatures, ctx: Context): Promise<string> {
    for (let tries = 0; ; tries++) {
      const image = await this.#built();
      const spec = sandboxSpec(config, image.reference, this.engine.owner, features);
      try {
        return (await engineCall(ctx, () => this.engine.docker.createContainer(spec))).id;
      } catch (error) {
        if (tries > 2) throw error;
        if (isGone(error)) await this.ensureImage(ctx);
        else if (statusOf(error) === 409) await this.#removeLeftover(config, ctx);
        else throw error;
      }
    }
  }

  /** An agent that was killed between create and start left it; nothing ran in it that anyone waits for. */
  async #removeLeftover(config: SandboxConfig, ctx: Context): Promise<void> {
    const name = engineName('POD', config.pod, config.attempt);
    const info = await engineCall(ctx, () => this.engine.docker.getContainer(name).inspect());
    if (!parseLabels(info.Config.Labels, this.engine.owner))
      throw new ContainerStartError(`container ${name} exists and is not ours`);
    await this.remove(info.Id, ctx);
  }

  async #inspect(id: string, ctx: Context): Promise<SandboxState> {
    const info = await engineCall(ctx, () => this.engine.docker.getContainer(id).inspect());
    const parsed = parseLabels(info.Config.Labels, this.engine.owner);
    if (!parsed) throw new ContainerStartError(`sandbox ${id} lost its labels`);
    return sandboxState(info, parsed);
  }
}

/** Once a sandbox has started, this machine is known and only one way is left. */
function candidates(features: Engine['features']): readonly EngineFeatures[] {
  if (features.known) return [features];
  return [features, { ...features, oomFloor: 0 }, { networkDisabled: false, oomFloor: 0 }];
}

/** "Already so" (304) and "no such container" (404) are what was wanted; 409 is a removal that is under way. */
export async function ignoreGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const status = statusOf(error);
    const underWay = status === 409 && /removal of container|already in progress/i.test(engineWords(error));
    if (status !== 404 && status !== 304 && !underWay) throw error;
  }
}
