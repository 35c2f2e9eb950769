import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Transferable, Worker } from 'node:worker_threads';
import { TerminalError } from '@kubernest/kit';
import { StoreFullError, StoreUnavailableError } from '@kubernest/store/contract';
import type { Reply, Request, WorkerOptions } from './protocol.ts';

type Failed = Extract<Reply, { kind: 'failed' }>;

/** One worker and the requests it has not answered yet. It answers in order, so nothing needs a number. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #waiting: ((reply: Reply) => void)[] = [];
  readonly #exited: Promise<void>;
  #fault: Error | undefined;

  constructor(entry: URL | undefined, options: WorkerOptions) {
    this.#worker = new Worker(entry ?? defaultEntry(), { workerData: options, name: 'kubernest-sqlite' });
    this.#worker.on('message', (reply: Reply) => this.#waiting.shift()?.(reply));
    this.#worker.on('error', (error) =>
      this.#fail(new StoreUnavailableError('the sqlite worker failed', { cause: error })),
    );
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail(new StoreUnavailableError('the sqlite worker ended'));
        resolve();
      });
    });
  }

  /** The reply to `request`, or to the worker's start. Handlers run in the order of the replies, at once. */
  ask(request: Request | undefined, onReply: (reply: Reply) => void, transfer: readonly Transferable[] = []): void {
    if (this.#fault) {
      onReply(gone(this.#fault));
      return;
    }
    this.#waiting.push(onReply);
    if (request) this.#worker.postMessage(request, transfer);
  }

  fetch(request: Request | undefined): Promise<Exclude<Reply, Failed>> {
    return new Promise((resolve, reject) => {
      this.ask(request, (reply) => (reply.kind === 'failed' ? reject(errorOf(reply)) : resolve(reply)));
    });
  }

  exited(): Promise<void> {
    return this.#exited;
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const onReply of this.#waiting.splice(0)) onReply(gone(this.#fault));
  }
}

/** Something of the data is lost: it takes a backup, or somebody who decides to begin anew. */
export class StoreDamagedError extends TerminalError {}

/** The revision of a reply that a dead worker could not give. */
export const UNKNOWN_REVISION = -1;

function gone({ message, cause }: Error): Failed {
  const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return { kind: 'failed', fault: 'unknown', message: why, revision: UNKNOWN_REVISION };
}

export function errorOf({ fault, message }: Failed): Error {
  if (fault === 'damaged') return new StoreDamagedError(message);
  if (fault === 'full') return new StoreFullError(`no room for the state database: ${message}`);
  return fault === 'unknown' ? new StoreUnavailableError(message) : new TerminalError(message);
}

/** Beside this file in the source tree; `sqlite-worker.js` beside the program in a bundle. */
function defaultEntry(): URL {
  const source = import.meta.url.endsWith('.ts');
  // Not one literal, so that no bundler takes it for an asset.
  const [name, here] = [source ? './worker/main.ts' : './sqlite-worker.js', import.meta.url];
  const entry = new URL(name, here);
  if (!existsSync(entry))
    throw new Error(
      `${fileURLToPath(entry)} is missing: build libs/store/sqlite/src/worker/main.ts to it, or pass workerEntry`,
    );
  return entry;
}
