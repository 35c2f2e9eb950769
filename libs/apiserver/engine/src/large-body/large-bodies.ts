import { setImmediate as breathe } from 'node:timers/promises';
import type { Context } from '@kubernest/kit';
import { type KubeObject, parseJsonInSteps, StatusError, timeout } from '@kubernest/meta';
import type { BodyWorker, Expected } from '../contract/index.ts';
import { paced } from '../write/pace.ts';
import { type BodyJob, type BodyResult, isType, runBodyJob } from './body-job.ts';
import { BodyQueue } from './body-queue.ts';
import { BodyThread } from './body-thread.ts';

const IDLE_MS = 30_000;
/** A body's own work, without its wait for others: far more than the worst that is allowed takes, as all others wait for it. */
const MOST_MS = 10_000;
/** With what is being read. The bytes are some twenty of the largest bodies with as large an object each. */
const MOST_WAITING = { jobs: 100, bytes: 96 * 1024 * 1024 };

export interface Asking {
  readonly expected: Expected;
  /** Gets what the client should be told. */
  readonly warn: (text: string) => void;
}

/**
 * Makes objects of large bodies without keeping the event loop: on a thread that is started when it is needed and ended when it is not,
 * one body after the other. Without a `worker`, bodies are read here, between other things. `server`: what it all ends with.
 */
export class LargeBodies {
  readonly #queue = new BodyQueue(MOST_WAITING);
  #thread: BodyThread | undefined;
  #cancelIdle = (): void => {};

  constructor(
    private readonly worker: BodyWorker | undefined,
    private readonly server: Context,
  ) {
    server.signal.addEventListener('abort', () => this.#rest(), { once: true });
  }

  /** Throws what `decode` and `conform` would; 429 when too many wait, 504 when it takes too long, and the reason of a request that is over. */
  async object(order: Omit<BodyJob, 'expected'>, { expected, warn }: Asking, ctx: Context): Promise<KubeObject> {
    const { group, version, kind } = expected;
    const result = await this.#result({ ...order, expected: { group, version, kind } }, expected, ctx);
    if (!result.ok) throw new StatusError(result.code, result.reason, result.message, result.details);
    for (const text of result.warnings) warn(text);
    return (await paced(parseJsonInSteps(Buffer.from(result.json).toString()))) as unknown as KubeObject;
  }

  async #result(job: BodyJob, expected: Expected, ctx: Context): Promise<BodyResult> {
    if (this.worker) {
      const { group, version, kind, schema, alsoAs } = expected;
      const unknownType = { group, version, kind, schema, ...(alsoAs && { alsoAs }) };
      const sent = this.worker.knows.some(isType(expected)) ? job : { ...job, unknownType };
      const bytes = job.bytes.length + (job.patch?.base?.length ?? 0);
      return this.#queue.inTurn(bytes, () => this.#onThread(sent, ctx), ctx.signal);
    }
    await breathe();
    ctx.signal.throwIfAborted();
    const result = runBodyJob(job, expected);
    await breathe();
    return result;
  }

  /** What takes too long, or is no longer asked for, is given up with the thread; the next gets a new one. */
  async #onThread(job: BodyJob, { signal, clock }: Context): Promise<BodyResult> {
    signal.throwIfAborted();
    this.#cancelIdle();
    const thread = this.#running();
    const onAbort = (): void => thread.end(signal.reason as Error);
    const cancel = clock.after(MOST_MS, () => thread.end(timeout('reading the request body took too long')));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await thread.run(job);
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
      this.#rest();
    }
  }

  #running(): BodyThread {
    if (!this.#thread || this.#thread.ended) this.#thread = new BodyThread(this.worker!.program);
    return this.#thread;
  }

  /** Keeps the thread for a while, unless the server ends. */
  #rest(): void {
    if (this.#thread?.busy) return;
    const end = (): void => this.#thread?.end(new Error('the thread for large bodies has nothing to do'));
    this.#cancelIdle();
    if (this.server.signal.aborted) end();
    else this.#cancelIdle = this.server.clock.after(IDLE_MS, end);
  }
}
