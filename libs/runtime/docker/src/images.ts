import type { Readable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import { ImagePullError, type ImageState, type RegistryCredentials } from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import { engineCall, engineWords, isGone, statusOf } from './engine-error.ts';
import { referenceFault, registryOf, splitReference } from './image-reference.ts';
import { podNameOf } from './labels.ts';
import type { MadeImages } from './made-images.ts';

export class Images {
  /** An image's user never changes, and the list does not tell it. */
  readonly #users = new Map<string, string>();

  constructor(
    private readonly docker: Docker,
    private readonly made: MadeImages,
  ) {}

  async list(ctx: Context): Promise<readonly ImageState[]> {
    const list = await engineCall(ctx, () => this.docker.listImages());
    const known = new Set(list.map((image) => image.Id));
    for (const id of this.#users.keys()) if (!known.has(id)) this.#users.delete(id);
    const states = await Promise.all(
      list.map(async (image): Promise<ImageState | undefined> => {
        const user = this.#users.get(image.Id) ?? (await this.find(image.Id, ctx))?.user;
        // Removed between the two calls.
        if (user === undefined) return undefined;
        return {
          id: image.Id,
          tags: named(image.RepoTags),
          digests: named(image.RepoDigests),
          sizeBytes: image.Size,
          user,
        };
      }),
    );
    return states.filter((state) => state !== undefined);
  }

  async find(reference: string, ctx: Context): Promise<ImageState | undefined> {
    if (!/^sha256:[0-9a-f]{64}$/.test(reference) && referenceFault(reference)) return undefined;
    try {
      const info = await engineCall(ctx, () => this.docker.getImage(reference).inspect());
      const user = info.Config?.User ?? '';
      this.#users.set(info.Id, user);
      return { id: info.Id, tags: named(info.RepoTags), digests: named(info.RepoDigests), sizeBytes: info.Size, user };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async pull(reference: string, credentials: readonly RegistryCredentials[], ctx: Context): Promise<ImageState> {
    const fault = referenceFault(reference);
    if (fault) throw new ImagePullError(fault);
    if (this.made.makes(reference)) return await this.#make(reference, ctx);
    const attempts = credentials.length > 0 ? credentials : [undefined];
    let failure: ImagePullError | undefined;
    for (const credential of attempts) {
      try {
        await this.#pullOnce(reference, credential, ctx);
        const image = await this.find(reference, ctx);
        if (image) return image;
        failure = new ImagePullError(`image ${reference} was pulled and is not here: removed meanwhile`);
      } catch (error) {
        if (!(error instanceof ImagePullError)) throw error;
        failure = error;
      }
    }
    throw failure ?? new ImagePullError(`image ${reference} could not be pulled`);
  }

  async remove(reference: string, ctx: Context): Promise<void> {
    const image = await this.find(reference, ctx);
    if (!image) return;
    const containers = await engineCall(ctx, () => this.docker.listContainers({ all: true }));
    const [user, ...more] = containers.filter(({ ImageID }) => ImageID === image.id).map(userWords);
    if (user)
      throw new Error(
        more.length > 0 ? `${user} and ${more.length} more were made from it` : `${user} was made from it`,
      );
    try {
      // By its id the engine takes away all names of an image at once, but only by force.
      await engineCall(ctx, () => this.docker.getImage(reference).remove({ force: image.tags.length > 1 }));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #make(reference: string, ctx: Context): Promise<ImageState> {
    await this.made.ensure(reference, ctx);
    const image = await this.find(reference, ctx);
    if (!image) throw new ImagePullError(`image ${reference} was made and is not here: removed meanwhile`);
    return image;
  }

  async #pullOnce(reference: string, credential: RegistryCredentials | undefined, ctx: Context): Promise<void> {
    const { repository, tag } = splitReference(reference);
    const authconfig = credential && {
      username: credential.username,
      password: credential.password,
      serveraddress: credential.server || registryOf(reference),
    };
    try {
      const progress = await engineCall(ctx, () =>
        this.docker.createImage({
          fromImage: repository,
          tag,
          ...(authconfig ? { authconfig } : {}),
          abortSignal: ctx.signal,
        } as never),
      );
      await followProgress(progress as unknown as Readable, ctx);
    } catch (error) {
      if (ctx.signal.aborted) throw ctx.signal.reason;
      if (error instanceof EngineRefusal || statusOf(error) !== undefined)
        throw new ImagePullError(engineWords(error), { cause: error });
      throw error;
    }
  }
}

/** The engine answers 200 first and tells what went wrong in the progress that follows. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal';
}

interface Progress {
  readonly error?: string;
  readonly stream?: string;
  readonly status?: string;
}

/** Reads progress to its end; returns the lines. */
export async function followProgress(stream: Readable, ctx: Context): Promise<readonly Progress[]> {
  return engineCall(ctx, async () => {
    const lines: Progress[] = [];
    let rest = '';
    for await (const chunk of stream) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim() !== '') lines.push(JSON.parse(part) as Progress);
    }
    if (rest.trim() !== '') lines.push(JSON.parse(rest) as Progress);
    const refusal = lines.find((line) => line.error !== undefined);
    if (refusal) throw new EngineRefusal(refusal.error);
    return lines;
  });
}

/** The engine would take a name away from an image that runs, and by force the image of a container that has ended. */
function userWords({ Names, Labels, State }: Docker.ContainerInfo): string {
  const pod = podNameOf(Labels);
  const name = pod ?? Names[0]?.replace(/^\//, '') ?? 'one without a name';
  return `a container (${State}) of ${pod ? 'pod' : 'this engine,'} ${name}`;
}

const named = (references: readonly string[] | null | undefined): readonly string[] =>
  (references ?? []).filter((reference) => !reference.includes('<none>'));
