import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { forget, remember, rememberedClusters } from './remembered-clusters.ts';

let parent: string;
beforeEach(() => {
  const machine = mkdtempSync(join(tmpdir(), 'kubernest-remembered-'));
  onTestFinished(() => rmSync(machine, { recursive: true }));
  parent = join(machine, 'clusters');
});
const paths = () => rememberedClusters(parent).map(({ path }) => path);

describe('what is remembered of clusters', () => {
  it('is where they are and their names, until they are forgotten', () => {
    expect(rememberedClusters(parent)).toEqual([]);
    forget('/data/a', parent);
    for (const _twice of [1, 2]) remember({ name: 'a', path: '/data/a' }, parent);
    remember({ name: 'b-2', path: '/data/b' }, parent);
    expect(new Set(rememberedClusters(parent))).toEqual(
      new Set([
        { name: 'a', path: '/data/a' },
        { name: 'b-2', path: '/data/b' },
      ]),
    );
    remember({ name: 'heir', path: '/data/a' }, parent);
    forget('/data/b', parent);
    expect(rememberedClusters(parent)).toEqual([{ name: 'heir', path: '/data/a' }]);
    forget('/data/a', parent);
    expect(existsSync(parent)).toBe(false);
  });

  it('is kept apart: no command writes what another has written', () => {
    remember({ name: 'a', path: '/data/a' }, parent);
    const [file] = readdirSync(join(parent, '.known'));
    const link = join(parent, '.known', file!);
    const before = lstatSync(link, { bigint: true });
    remember({ name: 'b', path: '/data/b' }, parent);
    forget('/data/b', parent);
    expect(lstatSync(link, { bigint: true })).toEqual(before);
  });

  it('is nothing of what is no link of ours', () => {
    mkdirSync(join(parent, '.known', 'default'), { recursive: true });
    for (const name of ['mine', 'name.0123456789abcdef']) writeFileSync(join(parent, '.known', name), '');
    expect(paths()).toEqual([]);
  });

  it('is what an older version kept in one list as well, as long as it is not known better or forgotten', () => {
    mkdirSync(parent, { recursive: true });
    const former = join(parent, 'elsewhere.json');
    for (const torn of ['', '{ "torn', '7']) {
      writeFileSync(former, torn);
      expect(paths()).toEqual([]);
    }
    writeFileSync(former, JSON.stringify(['/data/a', '/data/b', 7]));
    expect(rememberedClusters(parent)).toEqual([{ path: '/data/a' }, { path: '/data/b' }]);
    remember({ name: 'a', path: '/data/a' }, parent);
    expect(rememberedClusters(parent)).toEqual([{ name: 'a', path: '/data/a' }, { path: '/data/b' }]);
    forget('/data/b', parent);
    expect(rememberedClusters(parent)).toEqual([{ name: 'a', path: '/data/a' }]);
    forget('/data/a', parent);
    expect(existsSync(parent)).toBe(false);
  });
});
