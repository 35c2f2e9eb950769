import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plans } from './plans.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the generator', () => {
  it.each([
    ['kind', 'apps/daemon-set'],
    ['controller', 'pod-counter'],
    ['plugin', 'moon-phase'],
    ['adapter', 'store/lmdb'],
  ])(
    'writes a %s beside its kin: new folder, failing spec, and a list that has the place for its line',
    (what, name) => {
      const plan = plans[what]!(name);
      const files = Object.keys(plan.files);
      expect(files.some((file) => file.endsWith('.spec.ts'))).toBe(true);
      expect(files.filter((file) => existsSync(join(root, file)))).toEqual([]);
      expect(Object.values(plan.files).some((text) => text.includes('expect.fail('))).toBe(true);
      if (plan.list) expect(readFileSync(join(root, plan.list.file), 'utf8')).toContain(plan.list.before);
    },
  );

  it('wants a group for a kind', () => {
    expect(() => plans['kind']!('daemon-set')).toThrow('group/name');
  });
});
