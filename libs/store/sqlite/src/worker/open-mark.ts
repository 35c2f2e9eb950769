import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that says: the write-ahead log holds something that the database does not. Nobody closes a log that a crash has left but SQLite. */
export const openMark = (directory: string): string => join(directory, 'open');

export const isMarkedOpen = (directory: string): boolean =>
  statSync(openMark(directory), { throwIfNoEntry: false }) !== undefined;

/** On the disk when it returns. */
export function markOpen(directory: string): void {
  if (isMarkedOpen(directory)) return;
  closeSync(openSync(openMark(directory), 'w', 0o600));
  sync(directory);
}

export function unmarkOpen(directory: string): void {
  rmSync(openMark(directory), { force: true });
  sync(dirname(openMark(directory)));
}

function sync(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
