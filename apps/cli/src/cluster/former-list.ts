import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '@kubernest/process';
import { writeRecord } from './record-file.ts';

/** One list of all paths, which versions kept that knew no names. It is shortened and never made. */
const listFile = (parent: string): string => join(parent, 'elsewhere.json');

export function formerPaths(parent: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(listFile(parent), 'utf8'));
    return Array.isArray(read) ? read.filter((path) => typeof path === 'string') : [];
  } catch (error) {
    // It only helps to find things: what is damaged is left out.
    if (isMissing(error) || error instanceof SyntaxError) return [];
    throw error;
  }
}

export function forgetFormer(path: string, parent: string): void {
  const paths = formerPaths(parent);
  if (!paths.includes(path)) return;
  const left = paths.filter((one) => one !== path);
  if (left.length === 0) return rmSync(listFile(parent), { force: true });
  writeRecord(listFile(parent), left);
}
