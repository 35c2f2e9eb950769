import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { forShell, isMissing } from '@kubernest/process';

/** How a user who reads a message can call this program: by its name once it is installed, else by a path that works where they are. */
export function commandNameIn({ path, cwd, root }: { path: string; cwd: string | undefined; root: string }): string {
  const own = realOf(join(root, 'kubernest'));
  const installed = path.split(delimiter).some((dir) => dir !== '' && realOf(join(dir, 'kubernest')) === own);
  if (installed) return 'kubernest';
  return cwd !== undefined && realOf(cwd) === realOf(root) ? './kubernest' : forShell(join(root, 'kubernest'));
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const root = join(import.meta.dirname, '..');

/** The command of this checkout, wherever one is. */
export const commandFile = join(root, 'kubernest');

/** This program, in every message that names a command to run. */
export const called = commandNameIn({ path: process.env['PATH'] ?? '', cwd: currentFolder(), root });

/** Somebody may have removed it since this user went there: then it is none, and nothing that is typed begins in it. */
export function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
