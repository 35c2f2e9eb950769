import { readFileSync } from 'node:fs';
import { isMissing } from '@kubernest/process';

/** What a file of `run/` holds; undefined where there is none, or a crash has torn it. */
export function readRecord(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
