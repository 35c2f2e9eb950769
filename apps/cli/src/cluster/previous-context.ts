import { rmSync, writeFileSync } from 'node:fs';
import type { ClusterDir } from './cluster-dir.ts';
import { readRecord } from './record-file.ts';

/** What one cluster of this user found current at its start, and is to give back. */
export interface ContextMemory {
  /** Of its context. */
  readonly name: string;
  /** Empty: none was current. Undefined: it has nothing to give back. */
  readonly previous: string | undefined;
  readonly isRunning: boolean;
}

const previousFile = (dir: ClusterDir): string => dir.in('run', 'previous-context.json');

export function previousContext(dir: ClusterDir): string | undefined {
  const read = readRecord(previousFile(dir));
  return typeof read === 'string' ? read : undefined;
}

export const keepPrevious = (dir: ClusterDir, previous: string): void =>
  writeFileSync(previousFile(dir), JSON.stringify(previous));

export const forgetPrevious = (dir: ClusterDir): void => rmSync(previousFile(dir), { force: true });

/** What to make current when a cluster stops: of a cluster that was cut short, what that one found itself. */
export function contextToGiveBack(previous: string, memories: readonly ContextMemory[]): string {
  const seen = new Set<string>();
  for (let found = previous; !seen.has(found); ) {
    seen.add(found);
    const memory = memories.find(({ name }) => name === found);
    if (!memory || memory.isRunning || memory.previous === undefined) return found;
    found = memory.previous;
  }
  return '';
}
