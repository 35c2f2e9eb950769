import { chmod, chown, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { ifThere } from '@kubernest/process';

export interface PayloadFile {
  readonly data: Buffer;
  readonly mode: number;
  /** Root's unless given. */
  readonly uid?: number;
}
export type Payload = Map<string, PayloadFile>;

/** A path that stays inside its volume. */
export function checkRelativePath(path: string): string {
  const clean = normalize(path);
  if (path === '' || path.startsWith('/') || clean === '..' || clean.startsWith('../') || clean.startsWith('..data')) {
    throw new Error(`path "${path}" must be relative and stay inside the volume`);
  }
  return clean;
}

/**
 * Makes `dir` hold exactly `payload`: the files live in a dated folder, `..data` points to it, and each name at the top points through
 * `..data`, so that a reader sees all of the old or all of the new. Equal content writes nothing. Returns whether it wrote.
 */
export async function writePayload(dir: string, payload: Payload, now: Date, gid?: number): Promise<boolean> {
  await mkdir(dir, { recursive: true });
  const current = await ifThere(readlink(join(dir, '..data')));
  if (current && (await sameContent(join(dir, current), payload))) return false;
  const stamp = `..${now.toISOString().replace(/[-:T.Z]/g, '_')}${process.hrtime.bigint().toString(36)}`;
  const target = join(dir, stamp);
  await mkdir(target, { mode: 0o755 });
  await own(target, 0o755, gid);
  try {
    for (const [path, file] of payload) await writeOne(target, path, file, gid);
  } catch (error) {
    // On a full disk every try would leave another.
    await rm(target, { recursive: true, force: true });
    throw error;
  }
  await symlink(stamp, join(dir, '..data_tmp')).catch(async () => {
    await rm(join(dir, '..data_tmp'), { force: true });
    await symlink(stamp, join(dir, '..data_tmp'));
  });
  await rename(join(dir, '..data_tmp'), join(dir, '..data'));
  await linkNames(dir, payload);
  await removeOthers(dir, stamp);
  return true;
}

/** The dated folder before this one, and any that an agent left which was killed while it wrote. */
async function removeOthers(dir: string, stamp: string): Promise<void> {
  for (const name of await readdir(dir))
    if (name.startsWith('..') && name !== '..data' && name !== stamp)
      await rm(join(dir, name), { recursive: true, force: true });
}

async function writeOne(target: string, path: string, file: PayloadFile, gid: number | undefined): Promise<void> {
  const full = join(target, checkRelativePath(path));
  await mkdir(dirname(full), { recursive: true, mode: 0o755 });
  await writeFile(full, file.data, { mode: file.mode });
  await own(full, gid === undefined ? file.mode : file.mode | 0o440, gid, file.uid);
}

async function own(path: string, mode: number, gid: number | undefined, uid?: number): Promise<void> {
  if (gid !== undefined || uid !== undefined) await chown(path, uid ?? -1, gid ?? -1);
  await chmod(path, mode);
}

async function linkNames(dir: string, payload: Payload): Promise<void> {
  const tops = new Set([...payload.keys()].map((path) => normalize(path).split('/')[0] ?? ''));
  for (const name of await readdir(dir))
    if (!name.startsWith('..') && !tops.has(name)) await rm(join(dir, name), { recursive: true, force: true });
  for (const name of tops) {
    await symlink(join('..data', name), join(dir, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function sameContent(dir: string, payload: Payload): Promise<boolean> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.filter((e) => e.isFile()).length !== payload.size) return false;
  for (const [path, file] of payload) {
    const data = await readFile(join(dir, path)).catch(() => undefined);
    if (!data?.equals(file.data)) return false;
  }
  return true;
}
