// The thread that owns the SQLite database: a program of its own because a thread is started from a file.
import { runSqliteWorker } from '@kubernest/store/sqlite';

runSqliteWorker();
