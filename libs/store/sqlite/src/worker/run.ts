import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Reply, Request, WireEntries, WorkerOptions } from '../protocol.ts';
import { Compactor } from './compactor.ts';
import { closeDatabase, openDatabase } from './database.ts';
import { DamagedError, explain, FULL, RefusedError, resultCode } from './faults.ts';
import { diskBytes } from './files.ts';
import { OpenMark } from './open-mark.ts';
import { PastReader } from './past-reader.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** True in the thread that `openSqliteStore` started: its program must call `runSqliteWorker` and do nothing else. */
export const isSqliteWorker: boolean =
  !isMainThread && (workerData as Partial<WorkerOptions> | null)?.kubernestSqliteWorker === true;

/** The worker's whole life: opens the database, answers requests in order, ends with `close`. */
export function runSqliteWorker(): void {
  if (!isSqliteWorker || !parentPort) throw new Error('this is not a worker that openSqliteStore started');
  const port = parentPort;
  let session: Session;
  try {
    session = new Session(workerData as WorkerOptions);
  } catch (error) {
    port.postMessage(failure(explain(error, (workerData as WorkerOptions).directory), 'refused', 0));
    port.close();
    return;
  }
  port.postMessage(session.opened());
  port.on('message', (request: Request) => {
    const reply = session.answer(request);
    send(port, reply);
    if (reply.kind === 'closed') port.close();
  });
}

function failure(
  error: unknown,
  otherwise: 'unknown' | 'refused',
  revision: number,
): Extract<Reply, { kind: 'failed' }> {
  const message = error instanceof Error ? error.message : String(error);
  const refused = error instanceof DamagedError ? 'damaged' : 'refused';
  const fault = error instanceof RefusedError ? refused : resultCode(error) === FULL ? 'full' : otherwise;
  return { kind: 'failed', fault, message, revision };
}

function send(port: MessagePort, reply: Reply): void {
  const entries: WireEntries | undefined =
    reply.kind === 'entries' || reply.kind === 'past'
      ? reply.entries
      : reply.kind === 'history'
        ? reply.events
        : undefined;
  port.postMessage(reply, entries ? [entries.values.buffer as ArrayBuffer] : []);
}

class Session {
  readonly #options: WorkerOptions;
  readonly #db: ReturnType<typeof openDatabase>;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #past: PastReader;
  readonly #compactor: Compactor;
  readonly #openMark: OpenMark;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#db = openDatabase(options);
    this.#writer = new Writer(this.#db);
    this.#reader = new Reader(this.#db);
    this.#past = new PastReader(this.#db);
    this.#openMark = new OpenMark(this.#db, options.directory);
    this.#compactor = new Compactor(this.#db, this.#openMark);
    // What a crash has left in the log: without an end of its own, SQLite closes it.
    if (this.#openMark.exists) this.#marked();
  }

  opened(): Reply {
    return { kind: 'opened', revision: this.#writer.revision, nextExpiry: this.#writer.nextExpiry() };
  }

  answer(request: Request): Reply {
    try {
      return this.#answer(request);
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#writer.reload();
      const why = failure(explain(error, this.#options.directory), 'unknown', this.#writer.revision);
      return why.fault === 'refused' || why.fault === 'damaged' ? { ...why, fault: 'unknown' } : why;
    }
  }

  #answer(request: Request): Reply {
    const writer = this.#writer;
    switch (request.kind) {
      case 'commit': {
        const outcomes = writer.commit(request);
        this.#marked();
        return { kind: 'committed', outcomes, revision: writer.revision, nextExpiry: writer.nextExpiry() };
      }
      case 'expire': {
        const keys = writer.expire(request.now);
        this.#marked();
        return { kind: 'expired', keys, revision: writer.revision, nextExpiry: writer.nextExpiry() };
      }
      case 'get':
        return this.#lost(request.revision) ?? this.#reader.get(request, writer.revision);
      case 'list':
        return this.#reader.list(request, writer.revision);
      case 'past':
        return this.#lost(request.revision) ?? this.#past.step(request);
      case 'history':
        return this.#lost(request.after) ?? this.#reader.history(request, writer.revision);
      case 'compact':
        this.#compactor.mark(Math.min(request.revision, writer.revision));
        return { kind: 'swept', more: true };
      case 'sweep':
        return { kind: 'swept', more: this.#compactor.sweep() };
      case 'size':
        return { kind: 'size', bytes: diskBytes(this.#options.directory) };
      case 'close':
        closeDatabase(this.#db, this.#openMark);
        return { kind: 'closed' };
    }
  }

  /** Before anything is acknowledged that the log alone has. */
  #marked(): void {
    try {
      this.#openMark.keep(this.#writer.revision);
    } catch {
      // No room for it: what was written is on the disk all the same, and the next write tries again.
    }
  }

  #lost(revision: number | undefined): Reply | undefined {
    const { compacted } = this.#compactor;
    const known = revision === undefined || (revision >= compacted && revision <= this.#writer.revision);
    return known ? undefined : { kind: 'compacted', compacted };
  }
}
