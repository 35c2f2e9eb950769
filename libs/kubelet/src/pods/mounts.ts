import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Context } from '@kubernest/kit';
import type { Mount } from '@kubernest/runtime/contract';
import { answered } from '../answered.ts';
import type { Container, VolumeMount } from '../types.ts';
import { openSubPath, SubPathError } from '../volumes/sub-path.ts';
import type { Mounter, VolumeSetup } from '../volumes/volume.ts';
import { ConfigError } from './config-error.ts';
import { expand } from './expand.ts';

const propagations = { None: 'private', HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

export interface MountsWanted {
  readonly container: Container;
  readonly volumes: ReadonlyMap<string, VolumeSetup>;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly podDir: string;
}

/** The volume mounts of a container, sub paths resolved inside their volume. */
export async function volumeMounts(wanted: MountsWanted, mounter: Mounter, ctx: Context): Promise<Mount[]> {
  const mounts: Mount[] = [];
  const values = new Map(wanted.env.map(({ name, value }) => [name, value]));
  for (const [index, mount] of (wanted.container.volumeMounts ?? []).entries()) {
    const volume = wanted.volumes.get(mount.name);
    if (!volume) throw new ConfigError(`volume "${mount.name}" of mount ${mount.mountPath} is not there`);
    const containerPath = isAbsolute(mount.mountPath) ? mount.mountPath : `/${mount.mountPath}`;
    const sub = subPathOf(mount, values);
    mounts.push({
      hostPath: sub
        ? await subPathMount({ ...wanted, mount, index, sub, root: volume.path }, mounter, ctx)
        : volume.path,
      containerPath,
      readOnly: (mount.readOnly ?? false) || (volume.readOnly ?? false),
      propagation: propagations[(mount.mountPropagation ?? 'None') as keyof typeof propagations] ?? 'private',
    });
  }
  return mounts;
}

type Variables = ReadonlyMap<string, string>;

function subPathOf(mount: VolumeMount, env: Variables): string | undefined {
  const sub = mount.subPath ?? (mount.subPathExpr === undefined ? undefined : expandStrictly(mount.subPathExpr, env));
  if (sub && (isAbsolute(sub) || normalize(sub).split('/').includes('..')))
    throw new ConfigError(`subPath "${sub}" must be relative and stay inside the volume`);
  return sub;
}

interface SubPathWanted extends MountsWanted {
  readonly mount: VolumeMount;
  readonly index: number;
  readonly root: string;
  readonly sub: string;
}

/** Mounted beside the volume by what was opened in it, so that the engine is given a path that no pod can change. */
async function subPathMount(
  { container, mount, index, root, sub, podDir }: SubPathWanted,
  mounter: Mounter,
  ctx: Context,
): Promise<string> {
  const source = await openSubPath(root, sub).catch((error: unknown) => {
    throw error instanceof SubPathError ? new ConfigError(error.message) : error;
  });
  try {
    const path = join(podDir, 'volume-subpaths', mount.name, container.name, String(index));
    return await answered(
      { who: `the mount of subPath "${sub}"` },
      (limited) => mounter.bind(source, path, limited),
      ctx,
    );
  } finally {
    await source.close();
  }
}

/** Linux has no longer paths. */
function withinPath(length: number): void {
  if (length > 4095) throw new ConfigError('file name too long: a subPathExpr becomes more than 4095 bytes');
}

function expandStrictly(expression: string, env: Variables): string {
  let missing: string | undefined;
  const lookup = (name: string): string | undefined => {
    const found = env.get(name);
    if (found === undefined) missing = name;
    return found;
  };
  const text = expand(expression, { lookup, grown: withinPath });
  if (missing) throw new ConfigError(`missing value for "${missing}" in subPathExpr`);
  return text;
}

/** The empty file that a container writes its last words to. */
export async function terminationLog(container: Container, podDir: string, attempt: number): Promise<Mount> {
  const hostPath = terminationLogPath(podDir, container.name, attempt);
  await mkdir(dirname(hostPath), { recursive: true });
  await writeFile(hostPath, '', { mode: 0o666, flag: 'a' });
  await chmod(hostPath, 0o666);
  return {
    hostPath,
    containerPath: container.terminationMessagePath ?? '/dev/termination-log',
    readOnly: false,
    propagation: 'private',
  };
}

export const terminationLogPath = (podDir: string, container: string, attempt: number): string =>
  join(podDir, 'containers', container, `${attempt}.message`);
