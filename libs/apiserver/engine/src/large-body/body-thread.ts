import { Worker } from 'node:worker_threads';
import { StatusError } from '@kubernest/meta';
import type { BodyJob, BodyResult } from './body-job.ts';

/** Several times what the largest legal body takes. */
const MOST_HEAP_MB = 256;

/** What goes to the thread. */
export interface BodyQuestion {
  readonly number: number;
  readonly job: BodyJob;
}

/** What comes back: `number` is the question's. `fault` is one of ours, not the body's. */
export interface BodyReply {
  readonly number: number;
  readonly answer: BodyResult | { readonly fault: string };
}

interface Asked {
  readonly number: number;
  readonly resolve: (result: BodyResult) => void;
  readonly reject: (error: Error) => void;
}

const isOutOfMemory = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

/** A few bytes may stand for very many: the body is too large for what it means. */
const needsTooMuch = (): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', 'reading the request body takes more memory than one request may have');

/** One thread and the job that it is at. Once ended it answers nothing: what it had sent before is delivered all the same, and dropped. */
export class BodyThread {
  readonly #worker: Worker;
  #asked: Asked | undefined;
  #number = 0;
  #ended = false;

  constructor(entry: URL) {
    this.#worker = new Worker(entry, {
      name: 'kubernest-bodies',
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: BodyReply) => this.#settle(reply));
    this.#worker.on('messageerror', (error) => this.end(error));
    this.#worker.on('error', (error) => this.end(isOutOfMemory(error) ? needsTooMuch() : (error as Error)));
    this.#worker.on('exit', (code) => this.end(new Error(`the thread that reads large bodies ended with ${code}`)));
  }

  get ended(): boolean {
    return this.#ended;
  }

  get busy(): boolean {
    return this.#asked !== undefined;
  }

  /** One job after the other: the next may come once this has settled. Rejects when the thread ends before it has answered. */
  run(job: BodyJob): Promise<BodyResult> {
    return new Promise((resolve, reject) => {
      const number = ++this.#number;
      this.#asked = { number, resolve, reject };
      this.#worker.postMessage({ number, job } satisfies BodyQuestion);
    });
  }

  /** Again and late is harmless. */
  end(why: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#take()?.reject(why);
    this.#worker.terminate().catch(() => {});
  }

  #settle({ number, answer }: BodyReply): void {
    if (this.#asked?.number !== number) return;
    const { resolve, reject } = this.#take()!;
    if ('fault' in answer) reject(new Error(`reading a body failed: ${answer.fault}`));
    else resolve(answer);
  }

  #take(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }
}
