import { statSync } from 'node:fs';
import { join } from 'node:path';

export const databaseFile = (directory: string): string => join(directory, 'state.db');
export const logFile = (directory: string): string => join(directory, 'state.db-wal');
export const openMarkFile = (directory: string): string => join(directory, 'open');

/** Undefined when there is none. */
export const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;

export const diskBytes = (directory: string): number =>
  (sizeOf(databaseFile(directory)) ?? 0) + (sizeOf(logFile(directory)) ?? 0);
