import { expect, it } from 'vitest';
import { ImagePullError } from '../errors.ts';
import type { SuiteBench } from './bench.ts';

/** Images by name and id, and pulls. */
export function describeImages(bench: SuiteBench): void {
  it('finds images by name and by id, and not what is not here', async () => {
    const { runtime, image } = bench;
    expect((await runtime.findImage(image.name, bench.ctx))?.id).toBe(image.id);
    expect((await runtime.findImage(image.id, bench.ctx))?.id).toBe(image.id);
    expect(await runtime.findImage('nobody/has-this:1', bench.ctx)).toBeUndefined();
    expect((await runtime.listImages(bench.ctx)).map((i) => i.id)).toContain(image.id);
  });

  if (bench.differs('pull-errors')) return;
  it('says why a pull failed', async () => {
    await expect(bench.runtime.pullImage('127.0.0.1:1/none:1', [], bench.ctx)).rejects.toThrow(ImagePullError);
    await expect(bench.runtime.pullImage('UPPER/case', [], bench.ctx)).rejects.toThrow(/invalid reference format/);
  });
}
