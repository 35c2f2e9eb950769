export { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
export { isSqliteWorker, runSqliteWorker } from './worker/run.ts';
export { StoreDamagedError } from './worker-link.ts';
