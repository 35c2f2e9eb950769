import type { BodyWorker } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { timeout } from '@kubernest/meta';
import { BodyQueue } from './body-queue.ts';
import { type ExpectedName, isType } from './body-task.ts';
import { BodyThread, doing, type Tasks } from './body-thread.ts';

const IDLE_MS = 30_000;
/** A task's own work, without its wait for others: far more than the worst that is allowed takes, as all others wait for it. */
const MOST_MS = 10_000;
/** With what is being worked on. The bytes are some twenty of the largest bodies with as large an object each. */
const MOST_WAITING = { tasks: 100, bytes: 96 * 1024 * 1024 };

/** How much a task is to the thread, and what it ends with. */
interface Order {
  /** Whose it is. */
  readonly user: string;
  readonly bytes: number;
  readonly ctx: Context;
}

/**
 * What would keep the event loop, done on a thread that is started when it is needed and ended when it is not, one task after the other.
 * Without a `worker` there is no thread.
 */
export class ThreadTasks {
  readonly #queue = new BodyQueue(MOST_WAITING);
  readonly #types: ReadonlySet<unknown>;
  #thread: BodyThread | undefined;
  #cancelIdle = (): void => {};
  #isClosed = false;

  constructor(private readonly worker: BodyWorker | undefined) {
    this.#types = new Set(worker?.knows);
  }

  /** Keeps no thread that has nothing to do from now on. What is being worked on is finished. */
  close(): void {
    this.#isClosed = true;
    this.#cancelIdle();
    if (!this.#thread?.busy) this.#endIdle();
  }

  get isThread(): boolean {
    return this.worker !== undefined;
  }

  /** A type of that name, whoever describes it. */
  knows(type: ExpectedName): boolean {
    return this.worker?.knows.some(isType(type)) === true;
  }

  /** The rules there are those of this definition. */
  judges(definition: ResourceDefinition): boolean {
    return this.isThread && (definition.customSchema !== undefined || this.#types.has(definition));
  }

  /** Throws 429 when too many wait, 504 when it takes too long, and the reason of a request that is over. */
  run<T extends keyof Tasks>(
    sort: T,
    task: Tasks[T]['task'],
    { user, bytes, ctx }: Order,
  ): Promise<Tasks[T]['answer']> {
    return this.#queue.inTurn({ user, bytes, signal: ctx.signal }, () => this.#onThread(sort, task, ctx));
  }

  /** What takes too long, or is no longer asked for, is given up with the thread; the next gets a new one. */
  async #onThread<T extends keyof Tasks>(
    sort: T,
    task: Tasks[T]['task'],
    { signal, clock }: Context,
  ): Promise<Tasks[T]['answer']> {
    signal.throwIfAborted();
    this.#cancelIdle();
    const thread = this.#running();
    const onAbort = (): void => thread.end(signal.reason as Error);
    const cancel = clock.after(MOST_MS, () => thread.end(timeout(`${doing[sort]} took too long`)));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await thread.run(sort, thread.sending(task));
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
      if (!thread.busy) this.#keepIdle(clock);
    }
  }

  #running(): BodyThread {
    if (!this.#thread || this.#thread.ended) this.#thread = new BodyThread(this.worker!.program);
    return this.#thread;
  }

  #keepIdle(clock: Context['clock']): void {
    this.#cancelIdle();
    if (this.#isClosed) this.#endIdle();
    else this.#cancelIdle = clock.after(IDLE_MS, () => this.#endIdle());
  }

  #endIdle(): void {
    this.#thread?.end(new Error('the thread for large bodies has nothing to do'));
  }
}
