import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSubPath } from './sub-path.ts';

describe('a sub path of a volume', () => {
  let dir: string;
  let volume: string;
  let host: string;
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'sub-path-')));
    volume = join(dir, 'volume');
    host = join(dir, 'host');
    for (const made of [volume, host]) mkdirSync(made);
    writeFileSync(join(host, 'secret'), 'root only');
    chmodSync(host, 0o700);
    chmodSync(volume, 0o777);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Where it leads, and whether that is a folder. */
  const opened = async (sub: string) => {
    const file = await openSubPath(volume, sub);
    try {
      return { at: realpathSync(`/proc/self/fd/${file.fd}`), folder: (await file.stat()).isDirectory() };
    } finally {
      await file.close();
    }
  };

  it('is made as open as its volume where it is missing', async () => {
    expect(await opened('a/b')).toEqual({ at: join(volume, 'a/b'), folder: true });
    for (const made of ['a', 'a/b']) expect(statSync(join(volume, made)).mode & 0o7777).toBe(0o777);
  });

  it('may be a file, and may lie behind links that stay inside', async () => {
    mkdirSync(join(volume, '..dated'));
    writeFileSync(join(volume, '..dated/key'), 'value');
    symlinkSync('..dated', join(volume, '..data'));
    symlinkSync('..data/key', join(volume, 'key'));
    expect(await opened('key')).toEqual({ at: join(volume, '..dated/key'), folder: false });
    expect(await opened('..data/new')).toEqual({ at: join(volume, '..dated/new'), folder: true });
  });

  it.each([
    ['a link', 'link', () => symlinkSync(host, join(volume, 'link'))],
    ['a link to a file', 'link', () => symlinkSync(join(host, 'secret'), join(volume, 'link'))],
    ['a link on the way', 'link/deep', () => symlinkSync(host, join(volume, 'link'))],
    ['a link to nowhere', 'link/deep', () => symlinkSync(join(host, 'nothing'), join(volume, 'link'))],
    ['its way up', 'a/../../host', () => {}],
  ])('leads nowhere else by %s', async (_, sub, lay) => {
    lay();
    await expect(openSubPath(volume, sub)).rejects.toThrow('leads outside of its volume');
    expect(readdirSync(host)).toEqual(['secret']);
  });

  it('is not waited for where it is a pipe nobody writes to', async () => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(volume, 'pipe')]);
    expect(await opened('pipe')).toEqual({ at: join(volume, 'pipe'), folder: false });
  });

  it('leads nowhere else, however fast a folder on the way becomes a link', async () => {
    mkdirSync(join(volume, 'a'));
    symlinkSync(host, join(volume, 'trap'));
    let attacking = true;
    let swaps = 0;
    const moved = (from: string, to: string): void => {
      try {
        renameSync(join(volume, from), join(volume, to));
      } catch {
        // It was made anew in that moment.
        rmSync(join(volume, to), { recursive: true, force: true });
      }
    };
    const attack = (async () => {
      for (; attacking; swaps++) {
        moved('a', 'aside');
        moved('trap', 'a');
        await new Promise((next) => setImmediate(next));
        moved('a', 'trap');
        moved('aside', 'a');
        await new Promise((next) => setImmediate(next));
      }
    })();
    const seen = { inside: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const file = await openSubPath(volume, `a/made-${round}`).catch(() => undefined);
      if (!file) {
        seen.refused++;
        continue;
      }
      expect(realpathSync(`/proc/self/fd/${file.fd}`).startsWith(`${volume}/`)).toBe(true);
      await file.close();
      seen.inside++;
    }
    attacking = false;
    await attack;
    expect(swaps).toBeGreaterThan(0);
    expect(seen.inside + seen.refused).toBe(400);
    expect(readdirSync(host)).toEqual(['secret']);
    expect(statSync(host).mode & 0o7777).toBe(0o700);
  });
});
