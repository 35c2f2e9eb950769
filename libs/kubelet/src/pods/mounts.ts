import { chmod, chown, lstat, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { Mount } from '@kubernest/runtime/contract';
import type { Container, VolumeMount } from '../types.ts';
import type { VolumeSetup } from '../volumes/volume.ts';
import { ConfigError, expand } from './env.ts';

const propagations = { None: 'private', HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

/** The volume mounts of a container, sub paths resolved inside their volume. */
export async function volumeMounts(
  container: Container,
  volumes: ReadonlyMap<string, VolumeSetup>,
  env: readonly { name: string; value: string }[],
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (!volume) throw new ConfigError(`volume "${mount.name}" of mount ${mount.mountPath} is not there`);
    const containerPath = isAbsolute(mount.mountPath) ? mount.mountPath : `/${mount.mountPath}`;
    mounts.push({
      hostPath: await mountSource(mount, volume.path, env),
      containerPath,
      readOnly: (mount.readOnly ?? false) || (volume.readOnly ?? false),
      propagation: propagations[(mount.mountPropagation ?? 'None') as keyof typeof propagations] ?? 'private',
    });
  }
  return mounts;
}

async function mountSource(
  mount: VolumeMount,
  root: string,
  env: readonly { name: string; value: string }[],
): Promise<string> {
  const sub = mount.subPath ?? (mount.subPathExpr === undefined ? undefined : expandStrictly(mount.subPathExpr, env));
  if (!sub) return root;
  if (isAbsolute(sub) || normalize(sub).split('/').includes('..'))
    throw new ConfigError(`subPath "${sub}" must be relative and stay inside the volume`);
  const full = join(root, sub);
  const realRoot = await realpath(root);
  if (!(await exists(full))) {
    // The deepest folder that exists must not lead outside either.
    await checkInside(await deepestExisting(dirname(full)), realRoot, sub);
    await makeLike(realRoot, full);
  }
  return checkInside(await realpath(full), realRoot, sub);
}

/** New folders are as open as their volume: whoever may write there may write here. */
async function makeLike(root: string, path: string): Promise<void> {
  const { mode, gid } = await stat(root);
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    await chown(made, -1, gid);
    await chmod(made, mode & 0o7777);
  }
}

function expandStrictly(expression: string, env: readonly { name: string; value: string }[]): string {
  let missing: string | undefined;
  const text = expand(expression, (name) => {
    const found = env.find((e) => e.name === name)?.value;
    if (found === undefined) missing = name;
    return found;
  });
  if (missing) throw new ConfigError(`missing value for "${missing}" in subPathExpr`);
  return text;
}

async function checkInside(path: string, realRoot: string, sub: string): Promise<string> {
  if (path !== realRoot && !path.startsWith(`${realRoot}/`))
    throw new ConfigError(`subPath "${sub}" leads outside of its volume`);
  return path;
}

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;

async function deepestExisting(path: string): Promise<string> {
  return (await exists(path)) ? realpath(path) : deepestExisting(dirname(path));
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
