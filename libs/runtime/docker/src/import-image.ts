import type { Readable } from 'node:stream';
import type { Context } from '@kubernest/kit';
import type Docker from 'dockerode';
import { engineCall } from './engine-error.ts';
import { splitReference } from './image-reference.ts';
import { followProgress } from './images.ts';

export interface ImportedImage {
  readonly reference: string;
  /** As `docker import --change` takes them. */
  readonly changes: readonly string[];
  /** A root file system. */
  tar(): Readable;
}

/** Makes an image of a root file system; its name moves to it. */
export async function importImage(docker: Docker, image: ImportedImage, ctx: Context): Promise<void> {
  const { repository, tag } = splitReference(image.reference);
  const options = { repo: repository, tag, changes: image.changes };
  const answer = await engineCall(ctx, () => docker.importImage(image.tar(), options));
  await followProgress(answer as unknown as Readable, ctx);
}
