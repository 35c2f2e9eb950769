import type { Stats } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { ownValue } from '@kubernest/meta';
import { ifThere } from '@kubernest/process';
import type { VolumeDriver } from './volume.ts';

const checks: Readonly<Record<string, { is(stats: Stats): boolean; what: string }>> = {
  Directory: { is: (s) => s.isDirectory(), what: 'a directory' },
  DirectoryOrCreate: { is: (s) => s.isDirectory(), what: 'a directory' },
  File: { is: (s) => s.isFile(), what: 'a file' },
  FileOrCreate: { is: (s) => s.isFile(), what: 'a file' },
  Socket: { is: (s) => s.isSocket(), what: 'a socket file' },
  CharDevice: { is: (s) => s.isCharacterDevice(), what: 'a character device' },
  BlockDevice: { is: (s) => s.isBlockDevice(), what: 'a block device' },
};

export const hostPath: VolumeDriver = {
  source: 'hostPath',
  directory: 'kubernetes.io~host-path',
  async setUp(volume) {
    const { path = '', type = '' } = volume.hostPath ?? {};
    if (type === '') return { path };
    const check = ownValue(checks, type);
    if (!check) throw new Error(`hostPath type "${type}" is not supported`);
    if (type === 'DirectoryOrCreate') await mkdir(path, { recursive: true, mode: 0o755 });
    if (type === 'FileOrCreate') await (await open(path, 'a', 0o644)).close();
    const stats = await ifThere(stat(path));
    if (!stats || !check.is(stats)) throw new Error(`hostPath type check failed: ${path} is not ${check.what}`);
    return { path };
  },
};
