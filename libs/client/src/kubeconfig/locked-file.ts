import { type FileHandle, lstat, mkdir, open, readFile, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Context } from '@kubernest/kit';
import { demandRegularFile, fileFault, isMissing } from '@kubernest/process';
import { ownReadOnlyWords } from './own-read-only.ts';
import { rehearseReplacement, replaceFile } from './replace-file.ts';

/**
 * Gets what a file holds, empty where it is not there, and returns what it is to hold; undefined leaves it as it is. What is to hold nothing goes,
 * with a folder `.kube` that holds nothing else.
 */
export type Edit = (text: string) => string | undefined;

/** Changes a kubeconfig while nobody else does. `path` is what the user knows it by. */
export const changeLocked = (path: string, edit: Edit, ctx: Context): Promise<void> =>
  locked(
    { path, made: [] },
    async (target) => {
      const changed = edit(await textOf(target, path));
      if (changed === undefined) return;
      if (changed !== '' || target !== path || !(await isAlone(target))) return replaceFile(target, changed);
      await rm(target);
    },
    ctx,
  );

/** Without other names, which would keep what it held. */
const isAlone = async (target: string): Promise<boolean> => (await lstat(target).catch(() => undefined))?.nlink === 1;

/** Throws where a change would. What the file holds is looked at, and stays; what was made for it goes. */
export async function rehearseLocked(path: string, look: (text: string) => void, ctx: Context): Promise<void> {
  const made: string[] = [];
  const act = async (target: string): Promise<void> => {
    const text = await textOf(target, path);
    look(text);
    await rehearseReplacement(target, text);
  };
  await locked({ path, made }, act, ctx).finally(() => removeEmpty(made));
}

/** What a kubeconfig holds now, whoever changes it; empty where it is not there. */
export const readUnlocked = async (path: string): Promise<string> => textOf(await targetOf(path), path);

interface Place {
  /** What the user knows the file by. */
  readonly path: string;
  /** Gets the folders that had to be made for it, the outermost first. */
  readonly made: string[];
}

async function locked({ path, made }: Place, act: (target: string) => Promise<void>, ctx: Context): Promise<void> {
  const target = await targetOf(path);
  // Before anything is made beside it: of what is no file, nothing is replaced.
  await textOf(target, path);
  const unlock = await orUnwritable(path, () => lock({ path: `${target}.lock`, made }, ctx));
  try {
    await orUnwritable(path, () => act(target));
  } finally {
    await unlock();
    if (basename(dirname(target)) === '.kube') await removeEmpty([dirname(target)]);
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
async function makeFolder(path: string, made: string[]): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path), made);
  await mkdir(path, { mode: 0o700 }).then(
    () => made.push(path),
    async (error: unknown) => {
      // Somebody else was faster.
      if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
    },
  );
}

/** Whatever holds something by now, or is gone, is somebody else's. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}

/** kubectl takes the same lock file, so that neither loses the other's change. */
async function lock({ path, made }: Place, ctx: Context): Promise<() => Promise<void>> {
  let file: FileHandle | undefined;
  for (let attempt = 0; !file; attempt++) {
    await makeFolder(dirname(path), made);
    file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      // Or whoever had made the folder for a moment has taken it away again.
      if (error.code === 'EEXIST' || error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file) break;
    if (attempt === 50) throw new Error(`the kubeconfig is in use by another program; if none runs, remove ${path}`);
    await ctx.clock.sleep(100, ctx.signal);
  }
  await file.close();
  return () => rm(path, { force: true });
}
