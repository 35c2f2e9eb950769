import { chmod, chown, mkdir } from 'node:fs/promises';
import { quantityValue } from '@kubernest/meta';
import type { VolumeDriver } from './volume.ts';

export const emptyDir: VolumeDriver = {
  source: 'emptyDir',
  directory: 'kubernetes.io~empty-dir',
  async setUp(volume, dir, volumes, ctx) {
    await mkdir(dir, { recursive: true });
    const { medium, sizeLimit } = volume.emptyDir ?? {};
    if (medium === 'Memory')
      await volumes.mounter.mountTmpfs(dir, sizeLimit === undefined ? undefined : quantityValue(sizeLimit), ctx);
    else if (medium) throw new Error(`emptyDir medium "${medium}" is not supported on this node`);
    const gid = volumes.facts.pod.spec?.securityContext?.fsGroup;
    if (gid !== undefined) await chown(dir, -1, gid);
    await chmod(dir, gid === undefined ? 0o777 : 0o2777);
    return { path: dir };
  },
};
