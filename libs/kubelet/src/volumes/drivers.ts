import type { Context } from '@kubernest/kit';
import { containersOf } from '../pods/pod.ts';
import type { Pod, ProjectedVolumeSource } from '../types.ts';
import { emptyDir } from './empty-dir.ts';
import { hostPath } from './host-path.ts';
import { type Payload, writePayload } from './payload.ts';
import { configMapData, downwardFiles, objectFiles, secretData } from './sources.ts';
import type { VolumeContext, VolumeDriver } from './volume.ts';

const DEFAULT_MODE = 0o644;
const gidOf = (volumes: VolumeContext): number | undefined => volumes.facts.pod.spec?.securityContext?.fsGroup;
const where = (volumes: VolumeContext) => ({
  namespace: volumes.facts.pod.metadata.namespace ?? '',
  uid: volumes.facts.pod.metadata.uid ?? '',
});

const configMap: VolumeDriver = {
  source: 'configMap',
  directory: 'kubernetes.io~configmap',
  async setUp(volume, dir, volumes, ctx) {
    const source = volume.configMap ?? {};
    const { namespace, uid } = where(volumes);
    const map = await volumes.objects.configMap(namespace, source.name ?? '', uid, ctx);
    const selected = {
      what: `configmap "${source.name}"`,
      items: source.items,
      optional: source.optional,
      defaultMode: source.defaultMode ?? DEFAULT_MODE,
    };
    await writePayload(dir, objectFiles(configMapData(map), selected), ctx.clock.now(), gidOf(volumes));
    return { path: dir, readOnly: true };
  },
};

const secret: VolumeDriver = {
  source: 'secret',
  directory: 'kubernetes.io~secret',
  async setUp(volume, dir, volumes, ctx) {
    const source = volume.secret ?? {};
    const { namespace, uid } = where(volumes);
    const object = await volumes.objects.secret(namespace, source.secretName ?? '', uid, ctx);
    const selected = {
      what: `secret "${source.secretName}"`,
      items: source.items,
      optional: source.optional,
      defaultMode: source.defaultMode ?? DEFAULT_MODE,
    };
    await volumes.mounter.mountTmpfs(dir, undefined, ctx);
    await writePayload(dir, objectFiles(secretData(object), selected), ctx.clock.now(), gidOf(volumes));
    return { path: dir, readOnly: true };
  },
};

const downwardAPI: VolumeDriver = {
  source: 'downwardAPI',
  directory: 'kubernetes.io~downward-api',
  async setUp(volume, dir, volumes, ctx) {
    const files = downwardFiles(volume.downwardAPI?.items, volume.downwardAPI?.defaultMode ?? DEFAULT_MODE, volumes);
    await writePayload(dir, files, ctx.clock.now(), gidOf(volumes));
    return { path: dir, readOnly: true };
  },
};

const projected: VolumeDriver = {
  source: 'projected',
  directory: 'kubernetes.io~projected',
  async setUp(volume, dir, volumes, ctx) {
    const { files, refreshAt } = await projectedFiles(volume.projected ?? { sources: [] }, volumes, ctx);
    await volumes.mounter.mountTmpfs(dir, undefined, ctx);
    await writePayload(dir, files, ctx.clock.now(), gidOf(volumes));
    return { path: dir, readOnly: true, refreshAt };
  },
};

async function projectedFiles(
  source: ProjectedVolumeSource,
  volumes: VolumeContext,
  ctx: Context,
): Promise<{ files: Payload; refreshAt: number | undefined }> {
  const files: Payload = new Map();
  const add = (payload: Payload): void =>
    payload.forEach((file, path) => {
      files.set(path, file);
    });
  const mode = source.defaultMode ?? DEFAULT_MODE;
  const { namespace, uid } = where(volumes);
  let refreshAt: number | undefined;
  for (const part of source.sources ?? []) {
    if (part.configMap) {
      const map = await volumes.objects.configMap(namespace, part.configMap.name ?? '', uid, ctx);
      add(
        objectFiles(configMapData(map), {
          what: `configmap "${part.configMap.name}"`,
          items: part.configMap.items,
          optional: part.configMap.optional,
          defaultMode: mode,
        }),
      );
    } else if (part.secret) {
      const object = await volumes.objects.secret(namespace, part.secret.name ?? '', uid, ctx);
      add(
        objectFiles(secretData(object), {
          what: `secret "${part.secret.name}"`,
          items: part.secret.items,
          optional: part.secret.optional,
          defaultMode: mode,
        }),
      );
    } else if (part.downwardAPI) add(downwardFiles(part.downwardAPI.items, mode, volumes));
    else if (part.serviceAccountToken) {
      const { audience, path, expirationSeconds = 3600 } = part.serviceAccountToken;
      const issued = await volumes.tokens.token(volumes.facts.pod, { audience, expirationSeconds }, ctx);
      // compat: only for the one user that all containers run as, and for the fsGroup; where neither is said, for anybody.
      const user = commonUser(volumes.facts.pod);
      const known = user !== undefined || gidOf(volumes) !== undefined;
      files.set(path, { data: Buffer.from(issued.token), mode: known ? 0o600 : mode, uid: user });
      refreshAt = Math.min(refreshAt ?? Infinity, issued.refreshAt);
    }
  }
  return { files, refreshAt };
}

/** The user that every container of the pod is said to run as, if it is one. */
function commonUser(pod: Pod): number | undefined {
  const ofPod = pod.spec?.securityContext?.runAsUser;
  const users = new Set(containersOf(pod).map(({ container }) => container.securityContext?.runAsUser ?? ofPod));
  return users.size === 1 ? [...users][0] : undefined;
}

/** Every kind of volume, by the field that asks for it. */
export const volumeDrivers: readonly VolumeDriver[] = [emptyDir, configMap, secret, projected, downwardAPI, hostPath];
