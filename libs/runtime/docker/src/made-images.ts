import type { Context } from '@kubernest/kit';
import type Docker from 'dockerode';
import { engineCall, isGone, statusOf } from './engine-error.ts';
import { splitReference } from './image-reference.ts';
import { importImage } from './import-image.ts';
import { buildImage, type MadeImage } from './made-image.ts';

/** Says on an image that it was made here, and of what. Images that people build on it inherit it, so a name is asked for as well. */
const contentLabel = 'io.kubernest.made-of';

/** The images that this machine makes for itself. One that is missing is made again when it is asked for. */
export class MadeImages {
  readonly #last = new Map<string, Promise<void>>();

  constructor(
    private readonly docker: Docker,
    private readonly busyboxPath: string,
    private readonly images: readonly MadeImage[],
  ) {}

  makes(reference: string): boolean {
    return this.#find(reference) !== undefined;
  }

  async ensureAll(ctx: Context): Promise<void> {
    for (const { reference } of this.images) await this.ensure(reference, ctx);
  }

  /** Made unless it is here as it should be. Whoever gave the name to an image of their own keeps it. */
  async ensure(reference: string, ctx: Context): Promise<void> {
    const image = this.#find(reference);
    if (!image) throw new Error(`${reference} is not made here`);
    // One after the other, so that it is made once; what becomes of one caller is nothing to the next.
    const before = this.#last.get(image.reference) ?? Promise.resolve();
    const made = before.catch(() => {}).then(() => this.#ensure(image, ctx));
    this.#last.set(image.reference, made);
    await made;
  }

  /** What a container still uses stays. */
  async remove(ctx: Context): Promise<void> {
    for (const { reference } of this.images) {
      const here = await this.#inspect(reference, ctx);
      if (here?.content !== undefined) await this.#remove(reference, ctx);
    }
  }

  async #ensure(image: MadeImage, ctx: Context): Promise<void> {
    const built = await buildImage(image, this.busyboxPath);
    const here = await this.#inspect(image.reference, ctx);
    if (here && (here.content === undefined || here.content === built.digest)) return;
    const changes = [...built.changes, `LABEL ${contentLabel}=${built.digest}`];
    await importImage(this.docker, { ...built, changes }, ctx);
    if (here) await this.#remove(here.id, ctx);
  }

  async #inspect(reference: string, ctx: Context): Promise<{ id: string; content: string | undefined } | undefined> {
    try {
      const info = await engineCall(ctx, () => this.docker.getImage(reference).inspect());
      return { id: info.Id, content: info.Config?.Labels?.[contentLabel] };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async #remove(reference: string, ctx: Context): Promise<void> {
    await engineCall(ctx, () => this.docker.getImage(reference).remove()).catch((error: unknown) => {
      if (!isGone(error) && statusOf(error) !== 409) throw error;
    });
  }

  #find(reference: string): MadeImage | undefined {
    const { repository, tag } = splitReference(reference.replace(/^docker\.io\//, ''));
    return this.images.find((image) => image.reference === `${repository}:${tag}`);
  }
}
