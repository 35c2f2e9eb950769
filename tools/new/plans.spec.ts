import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plans } from './plans.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the generator', () => {
  it.each([
    ['kind', 'resource/DeviceClass'],
    ['controller', 'pod-counter'],
    ['plugin', 'moon-phase'],
    ['adapter', 'store/lmdb'],
  ])('writes a %s beside its kin: new folder, failing spec, and its lines in the lists', (what, name) => {
    const { files, lists } = plans[what]!(name);
    expect(Object.keys(files).some((file) => file.endsWith('.spec.ts'))).toBe(true);
    expect(Object.keys(files).filter((file) => existsSync(join(root, file)))).toEqual([]);
    expect(Object.values(files).some((text) => text.includes('expect.fail('))).toBe(true);
    for (const { file, edit } of lists) {
      const text = readFileSync(join(root, file), 'utf8');
      const added = edit(text).split('\n').length - text.split('\n').length;
      expect(added, file).toBeGreaterThan(0);
    }
  });

  it.each([
    ['kind', 'daemon-set', 'group/Kind'],
    ['kind', 'apps/daemon-set', 'group/Kind'],
    ['kind', 'moon/Phase', 'no group of Kubernetes'],
    ['controller', 'PodCounter', 'kebab-case'],
    ['adapter', 'lmdb', 'contract/name'],
  ])('wants of a %s more than %s', (what, name, why) => {
    expect(() => plans[what]!(name)).toThrow(why);
  });
});
