import { type FileHandle, lstat, mkdir, open, readFile, readlink, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from '@kubernest/kit';
import { demandRegularFile, fileFault, isMissing } from '@kubernest/process';
import { ownReadOnlyWords } from './own-read-only.ts';
import { rehearseReplacement, replaceFile } from './replace-file.ts';

/** Gets what a file holds, empty where it is not there, and returns what it is to hold; undefined leaves it as it is. */
export type Edit = (text: string) => string | undefined;

/** Changes a kubeconfig while nobody else does. `path` is what the user knows it by. */
export const changeLocked = (path: string, edit: Edit, ctx: Context): Promise<void> =>
  locked(
    path,
    async (target) => {
      const changed = edit(await textOf(target, path));
      if (changed !== undefined) await replaceFile(target, changed);
    },
    ctx,
  );

/** Throws where a change would. What the file holds is looked at, and stays. */
export const rehearseLocked = (path: string, look: (text: string) => void, ctx: Context): Promise<void> =>
  locked(
    path,
    async (target) => {
      const text = await textOf(target, path);
      look(text);
      await rehearseReplacement(target, text);
    },
    ctx,
  );

/** What a kubeconfig holds now, whoever changes it; empty where it is not there. */
export const readUnlocked = async (path: string): Promise<string> => textOf(await targetOf(path), path);

async function locked(path: string, act: (target: string) => Promise<void>, ctx: Context): Promise<void> {
  const target = await targetOf(path);
  // Before anything is made beside it: of what is no file, nothing is replaced.
  await textOf(target, path);
  const unlock = await orUnwritable(path, async () => {
    await makeFolder(dirname(target));
    return lock(`${target}.lock`, ctx);
  });
  try {
    await orUnwritable(path, () => act(target));
  } finally {
    await unlock();
  }
}

/** What is no fault of the system's says itself what is wrong. */
async function orUnwritable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const isDenied = (error as NodeJS.ErrnoException).code === 'EACCES';
    const why = (isDenied && (await ownReadOnlyWords(await targetOf(path)))) || fileFault(error);
    throw new Error(
      `the kubeconfig ${path} cannot be written: ${why}. Name another file with KUBECONFIG, or another folder with HOME`,
      { cause: error },
    );
  }
}

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

/** kubectl takes the same lock file, so that neither loses the other's change. */
async function lock(path: string, ctx: Context): Promise<() => Promise<void>> {
  let file: FileHandle | undefined;
  for (let attempt = 0; !file; attempt++) {
    file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (file) break;
    if (attempt === 50) throw new Error(`the kubeconfig is in use by another program; if none runs, remove ${path}`);
    await ctx.clock.sleep(100, ctx.signal);
  }
  await file.close();
  return () => rm(path, { force: true });
}
