import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { overfullVolume } from './volume-usage.ts';

describe('a volume with a bound', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'usage-spec-'));
    mkdirSync(join(dir, 'deep'));
    writeFileSync(join(dir, 'deep/file'), Buffer.alloc(64 * 1024, 1));
    writeFileSync(join(dir, 'sparse'), '');
    truncateSync(join(dir, 'sparse'), 2 ** 30);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it.each([
    ['below it', { sizeLimit: '1Mi' }, undefined],
    ['above it', { sizeLimit: '32Ki' }, 'Usage of EmptyDir volume "v" exceeds the limit "32Ki". '],
    ['in memory, where the kernel keeps it', { sizeLimit: '32Ki', medium: 'Memory' }, undefined],
    ['without one', {}, undefined],
  ])('is used %s', async (_, emptyDir, expected) => {
    const pod = { metadata: {}, spec: { containers: [], volumes: [{ name: 'v', emptyDir }] } } as Pod;
    expect(await overfullVolume(pod, () => dir)).toBe(expected);
  });
});
