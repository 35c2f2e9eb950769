import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { readRecord, writeRecord } from './record-file.ts';

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
  writeRecord(fileOf(dir), session);
}

/** Undefined for one that never started, or under a version that did not record it, or whose record a crash has torn. */
export function lastSession(dir: ClusterDir): Session | undefined {
  const read = readRecord(fileOf(dir));
  return isSession(read) ? read : undefined;
}

/** What runs its pods. Of a cluster that was made before its facts said so, it is what it was started with the last time. */
export const runtimeOf = (dir: ClusterDir, facts: ClusterFacts): Session['runtime'] | undefined =>
  facts.runtime ?? lastSession(dir)?.runtime;

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const { runtime, hollowNodes, startedAt, version } = value as Partial<Record<keyof Session, unknown>>;
  const isStart = typeof startedAt === 'string' && !Number.isNaN(Date.parse(startedAt)) && typeof version === 'string';
  return isStart && (runtime === 'docker' || runtime === 'hollow') && Number.isSafeInteger(hollowNodes);
}
