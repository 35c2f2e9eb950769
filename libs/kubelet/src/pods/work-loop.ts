import { type Context, isAborted } from '@kubernest/kit';

/** What a loop does over and over. */
export interface LoopWork {
  /** Once, however often it was woken meanwhile. Told the time by `wakeAt` when it wants to be done again. */
  sync(): Promise<void>;
  /** It did not work out and is tried again after a while; `times` it failed before without success in between. */
  failed(error: unknown, times: number): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** Does one work, never twice at once: when it is woken, at the time it was told, and after a fault, later each time. */
export class WorkLoop {
  #dirty = false;
  #busy = false;
  #failures = 0;
  #ended = false;
  #cancelTimer = (): void => {};
  #interrupted = new AbortController();

  constructor(
    private readonly work: LoopWork,
    private readonly ctx: Context,
  ) {}

  /** Aborted when what is being done is worth nothing any more. */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal;
  }

  /** Breaks off what is being done; that is no fault, and it is done anew at once. */
  interrupt(why: string): void {
    this.#interrupted.abort(new DOMException(why, 'AbortError'));
  }

  wake(): void {
    this.#dirty = true;
    if (this.#busy || this.ctx.signal.aborted || this.#ended) return;
    this.#busy = true;
    void this.#run();
  }

  wakeAt(time: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.ctx.clock.after(Math.max(0, time - +this.ctx.clock.now()), () => this.wake());
  }

  /** It is not done again. */
  end(): void {
    this.#ended = true;
    this.#cancelTimer();
  }

  async #run(): Promise<void> {
    while (this.#dirty && !this.ctx.signal.aborted && !this.#ended) {
      this.#dirty = false;
      this.#cancelTimer();
      if (this.interrupted.aborted) this.#interrupted = new AbortController();
      try {
        await this.work.sync();
        this.#failures = 0;
      } catch (error) {
        if (this.ctx.signal.aborted) break;
        if (this.interrupted.aborted && isAborted(error)) {
          this.#dirty = true;
          continue;
        }
        this.work.failed(error, this.#failures);
        const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
        this.wakeAt(+this.ctx.clock.now() + delay);
      }
    }
    this.#busy = false;
  }
}
