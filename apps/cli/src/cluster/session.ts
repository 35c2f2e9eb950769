import { writeFileSync } from 'node:fs';
import type { ClusterDir } from './cluster-dir.ts';
import { readRecord } from './read-record.ts';

/** How a cluster was started the last time. */
export interface Session {
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
  readonly startedAt: string;
  /** Of the kubernest that started it. */
  readonly version: string;
}

const fileOf = (dir: ClusterDir): string => dir.in('run', 'session.json');

export function recordSession(dir: ClusterDir, session: Session): void {
  writeFileSync(fileOf(dir), `${JSON.stringify(session)}\n`);
}

/** Undefined for one that never started, or under a version that did not record it, or whose record a crash has torn. */
export const lastSession = (dir: ClusterDir): Session | undefined => readRecord(fileOf(dir)) as Session | undefined;
