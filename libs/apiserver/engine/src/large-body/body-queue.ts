import { tooManyRequests } from '@kubernest/meta';

const RETRY_AFTER_SECONDS = 1;

export interface QueueLimits {
  readonly jobs: number;
  readonly bytes: number;
}

/** Lets one after the other work, in the order they came; refuses what is more than it may hold. */
export class BodyQueue {
  readonly #waiting = new Set<() => void>();
  #busy = false;
  #jobs = 0;
  #bytes = 0;

  constructor(private readonly most: QueueLimits) {}

  /** Runs `work` in its turn. Throws 429 when too much is here already, and the signal's reason when that fires before the turn. */
  async inTurn<T>(bytes: number, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#jobs >= this.most.jobs || this.#bytes + bytes > this.most.bytes)
      throw tooManyRequests(
        'too many large request bodies are being read, please try again later',
        RETRY_AFTER_SECONDS,
      );
    this.#jobs++;
    this.#bytes += bytes;
    try {
      await this.#turn(signal);
      try {
        return await work();
      } finally {
        this.#pass();
      }
    } finally {
      this.#jobs--;
      this.#bytes -= bytes;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(enter);
        reject(signal.reason);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiting.add(enter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #pass(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#busy = false;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
