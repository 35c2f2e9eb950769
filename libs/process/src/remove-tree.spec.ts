import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pointsBelow, pointsIn } from './mounts.ts';
import { removeTree } from './remove-tree.ts';

describe('mount points', () => {
  it('are read with their blanks, and the innermost comes first', () => {
    const points = pointsIn(
      '1 0 8:1 / / rw\n2 1 0:5 / /data/a\\040b rw\n3 2 0:6 / /data/a\\040b/c rw\n4 1 0:7 / /database rw',
    );
    expect(pointsBelow(points, '/data')).toEqual(['/data/a b/c', '/data/a b']);
    expect(pointsBelow(points, '/data/a b/c')).toEqual(['/data/a b/c']);
  });
});

describe('a tree that is removed', () => {
  let dir: string;
  let tree: string;
  let treasure: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'remove-tree-'));
    tree = join(dir, 'tree');
    treasure = join(dir, 'treasure');
    for (const made of [tree, treasure]) mkdirSync(made);
    writeFileSync(join(treasure, 'gold'), '');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('goes with all that is in it, whatever it is called', async () => {
    mkdirSync(join(tree, 'a/b'), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/a/b/`), Buffer.from([0xff, 0xfe])]), '');
    await removeTree(tree);
    await removeTree(tree);
    expect(readdirSync(dir)).toEqual(['treasure']);
  });

  it('may be deeper than a path is long', async () => {
    const script =
      'cd "$1"; i=0; while [ $i -lt 600 ]; do mkdir 0123456789abcdef; cd -P 0123456789abcdef; i=$((i+1)); done';
    execFileSync('sh', ['-c', script, 'sh', tree]);
    await removeTree(tree);
    expect(existsSync(tree)).toBe(false);
  });

  it('takes links away, not what they lead to; itself may be one', async () => {
    symlinkSync(treasure, join(tree, 'link'));
    await removeTree(tree);
    symlinkSync(treasure, tree);
    await removeTree(tree);
    expect(readdirSync(dir)).toEqual(['treasure']);
    expect(readdirSync(treasure)).toEqual(['gold']);
  });

  it('leads nowhere else, however fast its folders become links', async () => {
    for (let round = 0; round < 50; round++) {
      mkdirSync(join(tree, 'a/b/c'), { recursive: true });
      symlinkSync(treasure, join(dir, 'trap'));
      let removing = true;
      const swapped = (async () => {
        while (removing) {
          try {
            renameSync(join(tree, 'a'), join(dir, 'aside'));
            renameSync(join(dir, 'trap'), join(tree, 'a'));
            await new Promise((next) => setImmediate(next));
            renameSync(join(tree, 'a'), join(dir, 'trap'));
            renameSync(join(dir, 'aside'), join(tree, 'a'));
          } catch {
            // Gone by now.
          }
          await new Promise((next) => setImmediate(next));
        }
      })();
      // What is swapped under its hands may fail; it is tried again by whoever asked.
      await removeTree(tree).catch(() => {});
      removing = false;
      await swapped;
      expect(readdirSync(treasure)).toEqual(['gold']);
      for (const left of ['aside', 'trap']) rmSync(join(dir, left), { recursive: true, force: true });
      mkdirSync(tree, { recursive: true });
    }
  });
});
