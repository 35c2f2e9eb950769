import { readFileSync, type Stats, statSync } from 'node:fs';

/** Throws for what a read would wait for without an end: a pipe that nobody writes to, a device. What is missing the read itself tells of. */
export function demandRegularFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  // Of a folder a read says so itself.
  if (found && !found.isFile() && !found.isDirectory()) throw new Error(`it is ${kindOf(found)}, and no file`);
}

/** The text of a file that a user has named, at once or never. */
export function readRegularFile(path: string): string {
  demandRegularFile(path);
  return readFileSync(path, 'utf8');
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
