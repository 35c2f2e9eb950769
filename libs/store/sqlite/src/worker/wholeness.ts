import type { DatabaseSync } from 'node:sqlite';
import { DamagedError } from './faults.ts';
import { databaseFile, logFile, openMarkFile, sizeOf } from './files.ts';
import { readOpenMark } from './open-mark.ts';
import { lastRevision } from './schema.ts';
import { damageOfLog, type LogDamage } from './write-ahead-log.ts';

/**
 * Before SQLite opens them: it would begin anew, or go on with what was written before, and throw the log away. Returns what is to be
 * asked of the database once it is open. A log that is gone was lost, or closed by SQLite, as it does when its thread ends in whatever way.
 */
export function logMustBeWhole(directory: string): (db: DatabaseSync) => void {
  const log = logFile(directory);
  const logSize = sizeOf(log) ?? 0;
  const mark = readOpenMark(directory);
  const acknowledged = mark === 'unknown' ? undefined : mark;
  if (logSize > 0) {
    if (sizeOf(databaseFile(directory)) === undefined)
      throw new DamagedError(`${databaseFile(directory)} is missing beside its write-ahead log: restore a backup`);
    const damage = damageOfLog(log, acknowledged);
    if (damage) throw new DamagedError(`${log} ${damageOf[damage]}${damage === 'end' ? wayOn(directory) : ''}`);
  }
  const lost = logSize > 0 ? endsTooEarly(directory) : logIsLost(directory);
  if (mark === 'unknown' && logSize === 0) throw lost;
  return (db) => {
    if (acknowledged && lastRevision(db) < acknowledged.revision) throw lost;
  };
}

const damageOf: Record<NonNullable<LogDamage>, string> = {
  front: 'is damaged in front of writes that were acknowledged: restore a backup',
  end: 'is damaged where the last writes are that were acknowledged: restore a backup',
};

const wayOn = (directory: string): string => ` (or, to go on without them, remove ${openMarkFile(directory)})`;

const endsTooEarly = (directory: string): DamagedError =>
  new DamagedError(
    `${databaseFile(directory)} ends in front of the last writes that were acknowledged: restore a backup${wayOn(directory)}`,
  );

function logIsLost(directory: string): DamagedError {
  const log = logFile(directory);
  return new DamagedError(
    `${log} is ${sizeOf(log) === 0 ? 'empty' : 'missing'}, which had the last writes when the store was not closed: restore a backup (if state.db is one, whole by itself, remove ${openMarkFile(directory)})`,
  );
}
