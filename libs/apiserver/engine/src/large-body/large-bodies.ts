import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { decodeJsonInSlices, type KubeObject, StatusError, timeout } from '@kubernest/meta';
import type { Expected } from '../contract/index.ts';
import { type BodyJob, type BodyResult, isType, runBodyJob } from './body-job.ts';

/** Larger bodies keep a thread busy for longer than others should wait. JSON is read by the engine itself, the others are not. */
const LARGE_BYTES = { json: 256 * 1024, other: 48 * 1024 };
const IDLE_MS = 30_000;
const MOST_MS = 30_000;
const MOST_HEAP_MB = 768;

type Reply = BodyResult | { readonly fault: string };

interface Waiting {
  readonly job: BodyJob;
  readonly resolve: (result: BodyResult) => void;
  readonly reject: (error: Error) => void;
}

export const isLargeBody = (bytes: Uint8Array, contentType: string): boolean =>
  bytes.length > (contentType === '' || contentType.endsWith('json') ? LARGE_BYTES.json : LARGE_BYTES.other);

/**
 * Makes objects of large bodies without keeping the event loop: on a thread that is started when it is needed and ended when it is not,
 * one body after the other. Without `entry` (the thread's program) it is done here, between other things.
 */
export class LargeBodies {
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly entry: URL | undefined,
    private readonly types: readonly Expected[],
  ) {}

  /** Throws what `decode` and `conform` would. `warn` gets what the client should be told. */
  async object(
    order: Omit<BodyJob, 'expected'>,
    expected: Expected,
    warn: (text: string) => void,
  ): Promise<KubeObject> {
    const { group, version, kind } = expected;
    const result = await this.#result({ ...order, expected: { group, version, kind } }, expected);
    if (!result.ok) throw new StatusError(result.code, result.reason, result.message, result.details);
    for (const text of result.warnings) warn(text);
    const { value } = await decodeJsonInSlices(result.json);
    return value as unknown as KubeObject;
  }

  async #result(job: BodyJob, expected: Expected): Promise<BodyResult> {
    if (this.entry && this.types.some(isType(expected))) {
      return new Promise((resolve, reject) => {
        this.#waiting.push({ job, resolve, reject });
        if (this.#waiting.length === 1) this.#next();
      });
    }
    await breathe();
    const result = runBodyJob(job, expected);
    await breathe();
    return result;
  }

  #next(): void {
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (!first) {
      this.#timer = setTimeout(() => this.#stop(), IDLE_MS).unref();
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.postMessage(first.job);
    this.#timer = setTimeout(() => this.#fail(timeout('reading the request body took too long')), MOST_MS).unref();
  }

  #start(): Worker {
    const worker = new Worker(this.entry!, {
      name: 'kubernest-bodies',
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if ('fault' in reply) reject(new Error(`reading a body failed: ${reply.fault}`));
      else resolve(reply);
      this.#next();
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#fail(error as Error);
    });
    return worker;
  }

  /** The body at hand is given up with the thread; the others get a new one. */
  #fail(error: Error): void {
    this.#stop();
    this.#waiting.shift()?.reject(error);
    this.#next();
  }

  #stop(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.terminate().catch(() => {});
  }
}
