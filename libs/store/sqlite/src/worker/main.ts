import { runSqliteWorker } from './run.ts';

runSqliteWorker();
