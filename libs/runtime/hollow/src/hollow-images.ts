import { createHash } from 'node:crypto';
import type { ContainerRuntime, ImageState } from '@kubernest/runtime/contract';

type ImageCalls = Pick<ContainerRuntime, 'listImages' | 'findImage' | 'pullImage' | 'removeImage'>;

/** Images without content: a name, and an id made of it. */
export function hollowImages(references: readonly string[]): ImageCalls {
  const images = new Map(references.map((reference) => [reference, imageOf(reference)]));
  return {
    listImages: async () => [...images.values()],
    findImage: async (reference) => images.get(reference) ?? [...images.values()].find((each) => each.id === reference),
    async pullImage(reference) {
      const image = images.get(reference) ?? imageOf(reference);
      images.set(reference, image);
      return image;
    },
    async removeImage(id) {
      for (const [reference, image] of images) if (image.id === id) images.delete(reference);
    },
  };
}

function imageOf(reference: string): ImageState {
  const id = `sha256:${createHash('sha256').update(reference).digest('hex')}`;
  return { id, tags: [reference], digests: [], sizeBytes: 1, user: '' };
}
