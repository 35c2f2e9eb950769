import { describe, expect, it } from 'vitest';
import { SpareBuffers } from './spare-buffers.ts';

const LARGE = 200_000;

describe('memory for large answers', () => {
  it('is as long as was asked for, and nobody else has it until it is given back', () => {
    const spares = new SpareBuffers();
    const [a, b] = [spares.take(LARGE), spares.take(LARGE)];
    expect([a.length, b.length]).toEqual([LARGE, LARGE]);
    expect(a.buffer).not.toBe(b.buffer);
  });

  it('is used again once it was given back, by its taker or a part of it', () => {
    const spares = new SpareBuffers();
    const taken = spares.take(LARGE);
    spares.give(taken.subarray(0, 10));
    expect(spares.take(LARGE - 5).buffer).toBe(taken.buffer);
  });

  it('is given back once, even to who says so twice', () => {
    const spares = new SpareBuffers();
    const taken = spares.take(LARGE);
    spares.give(taken);
    spares.give(taken);
    expect(spares.take(LARGE).buffer).not.toBe(spares.take(LARGE).buffer);
  });

  it.each([
    ['not from here', 200_000, Buffer.alloc(LARGE)],
    ['too small', 600_000, undefined],
    ['much too large', 70_000, undefined],
  ])('is not used again when it is %s', (_, next, given) => {
    const spares = new SpareBuffers();
    // A giant, kept, is no memory for a dwarf.
    const taken = given ?? spares.take(300_000);
    spares.give(taken);
    expect(spares.take(next).buffer).not.toBe(taken.buffer);
  });

  it('of what fits best is taken first', () => {
    const spares = new SpareBuffers();
    const [large, small] = [spares.take(700_000), spares.take(LARGE)];
    spares.give(small);
    spares.give(large);
    expect(spares.take(LARGE).buffer).toBe(small.buffer);
    expect(spares.take(LARGE).buffer).toBe(large.buffer);
  });

  it('of small answers stays with the pool of all buffers', () => {
    const spares = new SpareBuffers();
    const small = spares.take(1000);
    spares.give(small);
    expect(spares.take(1000).byteOffset).not.toBe(small.byteOffset);
  });
});
