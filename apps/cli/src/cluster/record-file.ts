import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileFault, isMissing } from '@kubernest/process';

/** What a file of `run/` holds, and who wrote it. */
export interface Found {
  readonly value: unknown;
  /** A user's id. */
  readonly owner: number;
}

/** Undefined where there is none that this user may read, or a crash has torn it. What somebody linked there is not followed. */
export function findRecord(file: string): Found | undefined {
  try {
    const open = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(open);
      return found.isFile() ? { value: JSON.parse(readFileSync(open, 'utf8')), owner: found.uid } : undefined;
    } finally {
      closeSync(open);
    }
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EACCES', 'EPERM', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes(code)) return undefined;
    throw new Error(`${file} cannot be read: ${fileFault(error)}`, { cause: error });
  }
}

export const readRecord = (file: string): unknown => findRecord(file)?.value;

/** Whole or not at all, and its owner's alone. Throws, with the fault in words, where it cannot be. */
export function writeRecord(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw Object.assign(new Error(`${file} cannot be written: ${fileFault(error)}`, { cause: error }), {
      code: (error as NodeJS.ErrnoException).code,
    });
  }
}
