import { databaseFile } from './files.ts';

export class RefusedError extends Error {}

/** Something is lost, and going on would lose more. */
export class DamagedError extends RefusedError {}

/** What a row holds is not what was written. */
export class DamagedRowError extends Error {}

/** SQLite's result code without its extension; 0 when it is not SQLite's error. */
export function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

const BUSY = 5;
const CORRUPT = 11;
export const FULL = 13;
const NOT_A_DATABASE = 26;

const isDamaged = (file: string): DamagedError => new DamagedError(`${file} is damaged: restore a backup`);

/** SQLite's error with the file it is about and what to do; others as they are. */
export function explain(error: unknown, directory: string): unknown {
  const file = databaseFile(directory);
  if (error instanceof DamagedRowError) return isDamaged(file);
  const code = resultCode(error);
  switch (code) {
    case 0:
    case FULL:
      return error;
    case BUSY:
      return new RefusedError(`${file} is in use by another process: stop it first, or choose another directory`);
    case CORRUPT:
    case NOT_A_DATABASE:
      return isDamaged(file);
    default:
      return new RefusedError(`${file} cannot be used: ${(error as Error).message}`);
  }
}
