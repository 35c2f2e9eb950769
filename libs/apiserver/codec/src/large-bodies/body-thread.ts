import { Worker } from 'node:worker_threads';
import { StatusError } from '@kubernest/meta';
import type { BodyResult, BodyTask } from './body-task.ts';
import type { Judgement, JudgeTask } from './judge-task.ts';
import { Sources } from './sources.ts';

/** Several times what the largest legal body takes. */
const MOST_HEAP_MB = 256;

/** What the thread does, and what it answers. */
export interface Tasks {
  /** A large body becomes an object. */
  readonly read: { readonly task: BodyTask; readonly answer: BodyResult };
  /** The rules of its kind look at a large object. */
  readonly judge: { readonly task: JudgeTask; readonly answer: Judgement };
}

export const doing: Readonly<Record<keyof Tasks, string>> = {
  read: 'reading the request body',
  judge: 'checking the object',
};

/** What goes to the thread. */
export type BodyQuestion = {
  [T in keyof Tasks]: { readonly number: number; readonly sort: T; readonly task: Tasks[T]['task'] };
}[keyof Tasks];

/** What comes back: `number` is the question's. `fault` is one of ours, not the body's. */
export interface BodyReply {
  readonly number: number;
  readonly answer: Tasks[keyof Tasks]['answer'] | { readonly fault: string };
}

interface Asked {
  readonly number: number;
  readonly sort: keyof Tasks;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

const isOutOfMemory = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

/** A few bytes may stand for very many: the body is too large for what it means. */
const needsTooMuch = (sort: keyof Tasks): StatusError =>
  new StatusError(413, 'RequestEntityTooLarge', `${doing[sort]} takes more memory than one request may have`);

/** One thread and the task that it is at. Once ended it answers nothing: what it had sent before is delivered all the same, and dropped. */
export class BodyThread {
  readonly #worker: Worker;
  /** What it was sent to make definitions of. */
  readonly #sources = new Sources<true>();
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
    this.#worker.on('error', (error) =>
      this.end(isOutOfMemory(error) ? needsTooMuch(this.#asked?.sort ?? 'read') : (error as Error)),
    );
    this.#worker.on('exit', (code) => this.end(new Error(`the thread that reads large bodies ended with ${code}`)));
  }

  get ended(): boolean {
    return this.#ended;
  }

  get busy(): boolean {
    return this.#asked !== undefined;
  }

  /** The task without what the thread has been sent before. */
  sending<T extends Tasks[keyof Tasks]['task']>(task: T): T {
    const { source } = task;
    if (!source) return task;
    if (this.#sources.get(source.id)) return { ...task, source: { id: source.id } };
    this.#sources.add(source.id, true);
    return task;
  }

  /**
   * One task after the other: the next may come once this has settled. Rejects when the thread ends before it has answered, and ends it when
   * the task cannot be sent: nobody would ever answer, and what it was sent before is no longer known.
   */
  run<T extends keyof Tasks>(sort: T, task: Tasks[T]['task']): Promise<Tasks[T]['answer']> {
    return new Promise((resolve, reject) => {
      const number = ++this.#number;
      this.#asked = { number, sort, resolve, reject };
      try {
        this.#worker.postMessage({ number, sort, task } as BodyQuestion);
      } catch (error) {
        this.end(error as Error);
      }
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
    const { sort, resolve, reject } = this.#take()!;
    if ('fault' in answer) reject(new Error(`${doing[sort]} failed: ${answer.fault}`));
    else resolve(answer as never);
  }

  #take(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }
}
