import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from '@kubernest/kit';
import { demandRegularFile, fileFault, isMissing } from '@kubernest/process';

/**
 * Changes a kubeconfig while nobody else does: `edit` gets what it holds, empty where it is not there, and resolves with what it is to hold;
 * undefined leaves it as it is. It is replaced at once, and keeps its owner and its permissions; a new one is its owner's alone.
 */
export async function changeLocked(
  path: string,
  edit: (text: string) => string | undefined,
  ctx: Context,
): Promise<void> {
  const target = await targetOf(path);
  await makeFolder(dirname(target)).catch((error: unknown) => {
    throw new Error(
      `the kubeconfig ${path} cannot be written: ${fileFault(error)}. Name another file with KUBECONFIG, or another folder with HOME`,
      { cause: error },
    );
  });
  const unlock = await lock(`${target}.lock`, ctx);
  try {
    const changed = edit(await textOf(target, path));
    if (changed !== undefined) await replaceFile(target, changed);
  } finally {
    await unlock();
  }
}

/** `path` is what the user knows it by. */
async function textOf(target: string, path: string): Promise<string> {
  try {
    demandRegularFile(target);
    return await readFile(target, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw new Error(`the kubeconfig ${path} cannot be read: ${fileFault(error)}`, { cause: error });
  }
}

/** A symlink stays one: what it points to is replaced, or made. */
async function targetOf(path: string, steps = 40): Promise<string> {
  const there = await lstat(path).catch(() => undefined);
  if (!there?.isSymbolicLink()) return path;
  if (steps === 0) throw new Error(`the kubeconfig ${path} cannot be read: its links go round in a circle`);
  return targetOf(resolve(dirname(path), await readlink(path)), steps - 1);
}

/** With those above it. `recursive` goes round for ever where a parent can hold no folders (`/proc`). */
async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    // Somebody else was faster.
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
  });
}

async function replaceFile(target: string, text: string): Promise<void> {
  const fresh = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      if (!(await takesAfter(file, target))) return await writeFile(target, text, { flush: true });
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, target);
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Gives a file the owner and permissions of another. False where this user may not: that one can only be written over, as kubectl does. */
async function takesAfter(file: FileHandle, target: string): Promise<boolean> {
  const there = await stat(target).catch(() => undefined);
  if (!there) return true;
  const fresh = await file.stat();
  try {
    if (fresh.uid !== there.uid || fresh.gid !== there.gid) await file.chown(there.uid, there.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
  await file.chmod(there.mode & 0o777);
  return true;
}

/** kubectl takes the same lock file, so that neither loses the other's change. */
async function lock(path: string, ctx: Context): Promise<() => Promise<void>> {
  let file: FileHandle | undefined;
  for (let attempt = 0; !file; attempt++) {
    file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw new Error(`the kubeconfig beside ${path} cannot be written: ${fileFault(error)}`, { cause: error });
    });
    if (file) break;
    if (attempt === 50) throw new Error(`the kubeconfig is in use by another program; if none runs, remove ${path}`);
    await ctx.clock.sleep(100, ctx.signal);
  }
  await file.close();
  return () => rm(path, { force: true });
}
