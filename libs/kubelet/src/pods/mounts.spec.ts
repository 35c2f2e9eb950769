import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { Mount } from '@kubernest/runtime/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HollowMounter } from '../testing/machine.ts';
import type { Container, VolumeMount } from '../types.ts';
import type { VolumeSetup } from '../volumes/volume.ts';
import { ConfigError } from './config-error.ts';
import { terminationLog, terminationLogPath, volumeMounts } from './mounts.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

/** Notes what was open when it was mounted, and by which handle. */
class NotingMounter extends HollowMounter {
  readonly bound = new Map<string, { readonly inode: number; readonly source: FileHandle }>();

  override async bind(source: FileHandle, path: string): Promise<string> {
    this.bound.set(path, { inode: (await source.stat()).ino, source });
    return super.bind(source, path);
  }
}

let dir: string;
let mounter: NotingMounter;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mounts-'));
  mounter = new NotingMounter();
  mkdirSync(join(dir, 'data/inner'), { recursive: true });
  writeFileSync(join(dir, 'data/file'), 'content');
  symlinkSync('inner', join(dir, 'data/link'));
  symlinkSync('/etc', join(dir, 'data/outside'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The mounts of container `c`, of which volume `data` is there. */
function mountsOf(mounts: readonly Partial<VolumeMount>[], over: Partial<VolumeSetup> = {}): Promise<Mount[]> {
  const given = mounts.map((mount) => ({ name: 'data', mountPath: '/data', ...mount }));
  const container: Container = { name: 'c', volumeMounts: given };
  const volumes = new Map([['data', { path: join(dir, 'data'), ...over }]]);
  const env = [
    { name: 'WHERE', value: 'inner' },
    { name: 'UP', value: '..' },
    { name: 'EMPTY', value: '' },
  ];
  return volumeMounts({ container, volumes, env, podDir: join(dir, 'pod') }, mounter, ctx);
}

describe('a volume mount', () => {
  it.each<[string, Partial<VolumeMount>, Partial<VolumeSetup>, Partial<Mount>]>([
    ['can be written to', {}, {}, { containerPath: '/data', readOnly: false, propagation: 'private' }],
    ['can be asked to be read-only', { readOnly: true }, {}, { readOnly: true }],
    ['is read-only as its volume is', { readOnly: false }, { readOnly: true }, { readOnly: true }],
    ['is at the root unless told', { mountPath: 'data' }, {}, { containerPath: '/data' }],
    ['propagates nothing', { mountPropagation: 'None' }, {}, { propagation: 'private' }],
    ['gets mounts of the node', { mountPropagation: 'HostToContainer' }, {}, { propagation: 'rslave' }],
    ['gives mounts to the node', { mountPropagation: 'Bidirectional' }, {}, { propagation: 'rshared' }],
  ])('%s: %j', async (_, mount, volume, made) => {
    expect(await mountsOf([mount], volume)).toEqual([
      expect.objectContaining({ hostPath: join(dir, 'data'), ...made }),
    ]);
    expect(mounter.bound.size).toBe(0);
  });

  it.each([
    ['whose volume is not there', { name: 'other' }, 'volume "other" of mount /data is not there'],
    ['that leaves its volume', { subPath: 'a/../../b' }, 'must be relative and stay inside the volume'],
    ['that begins at the root', { subPath: '/etc' }, 'must be relative and stay inside the volume'],
    ['that a variable leads out', { subPathExpr: 'a/$(UP)/$(UP)/b' }, 'must be relative and stay inside the volume'],
    ['that a link leads out', { subPath: 'outside/passwd' }, 'leads outside of its volume'],
    ['longer than any path', { subPathExpr: 'a/$(WHERE)/'.repeat(600) }, 'file name too long'],
    ['of a variable that is not there', { subPathExpr: '$(WHERE)/$(NONE)' }, 'missing value for "NONE" in subPathExpr'],
  ])('%s is a fault of the pod: %j', async (_, mount, words) => {
    const made = mountsOf([{}, mount]);
    await expect(made).rejects.toThrow(ConfigError);
    await expect(made).rejects.toThrow(words);
    expect(mounter.bound.size).toBe(0);
  });
});

describe('a part of a volume', () => {
  it.each([
    [{ subPath: 'inner' }, 'inner'],
    [{ subPath: 'file' }, 'file'],
    [{ subPath: 'link' }, 'inner'],
    [{ subPath: './inner/new/folder' }, 'inner/new/folder'],
    [{ subPathExpr: '$(WHERE)' }, 'inner'],
    [{ subPathExpr: '$$(WHERE)' }, '$(WHERE)'],
  ])('is mounted beside it by what was opened in it: %j', async (mount, part) => {
    const [, second] = await mountsOf([{}, mount]);
    const path = join(dir, 'pod/volume-subpaths/data/c/1');
    expect(second?.hostPath).toBe(path);
    expect([...mounter.bound.keys()]).toEqual([path]);
    const { inode, source } = mounter.bound.get(path)!;
    expect(inode).toBe(statSync(join(dir, 'data', part)).ino);
    expect(source.fd).toBe(-1);
  });

  it('that is all of it is the volume itself', async () => {
    for (const mount of [{ subPath: '' }, { subPathExpr: '$(EMPTY)' }])
      expect(await mountsOf([mount])).toMatchObject([{ hostPath: join(dir, 'data') }]);
  });

  it('is let go of when it cannot be mounted', async () => {
    const opened: FileHandle[] = [];
    mounter.bind = async (source) => {
      opened.push(source);
      throw new Error('no more mounts');
    };
    await expect(mountsOf([{ subPath: 'inner' }])).rejects.toThrow('no more mounts');
    expect(opened.map(({ fd }) => fd)).toEqual([-1]);
  });
});

describe('the file of last words', () => {
  it.each([
    [{ name: 'c' }, '/dev/termination-log'],
    [{ name: 'c', terminationMessagePath: '/my/log' }, '/my/log'],
  ])('is one of the attempt’s own, that anybody may write to: %j', async (container, containerPath) => {
    const hostPath = terminationLogPath(dir, 'c', 2);
    expect(await terminationLog(container, dir, 2)).toEqual({
      ...{ hostPath, containerPath, readOnly: false, propagation: 'private' },
    });
    expect(statSync(hostPath).mode & 0o777).toBe(0o666);
    expect(terminationLogPath(dir, 'c', 3)).not.toBe(hostPath);
  });

  it('keeps what was said when its container is made once more', async () => {
    const { hostPath } = await terminationLog({ name: 'c' }, dir, 0);
    writeFileSync(hostPath, 'the end');
    chmodSync(hostPath, 0o600);
    await terminationLog({ name: 'c' }, dir, 0);
    expect(readFileSync(hostPath, 'utf8')).toBe('the end');
    expect(statSync(hostPath).mode & 0o777).toBe(0o666);
  });
});
