import type { ApiAnswer, ApiCall, Transport } from '@kubernest/client';
import { type Context, childContext } from '@kubernest/kit';
import { StatusError, type WatchEvent } from '@kubernest/meta';
import { type ApiWrite, writeOf } from './api-write.ts';

/** Codes of answers that nobody should get who does what he may, and does it right. */
const refused: ReadonlySet<number> = new Set([400, 403, 405, 415, 422, 500]);

/** What goes between clients and their API server: noted, and refused, held up or broken off as a spec will have it. */
export class Traffic {
  /** In the order they were asked for, refused ones included. */
  readonly writes: ApiWrite[] = [];
  readonly refusals: string[] = [];
  /** Called before each read, and before each watch begins; throwing refuses it. */
  beforeRead: (call: ApiCall) => void = () => {};
  /** Called before each write; throwing refuses it. */
  beforeWrite: (write: ApiWrite) => void = () => {};
  /** What a call waits for. */
  gate: (call: ApiCall) => Promise<void> | undefined = () => undefined;
  /** Hands an event of a watch on; what does it later makes a cache fall behind. */
  hand: (path: string, event: () => void) => void = (_path, event) => event();
  /** Called with each object that a client is given: an answer, or what an event of a watch tells of. */
  given: (object: unknown) => void = () => {};
  readonly #watches = new Map<(error: Error | undefined) => void, AbortSignal>();
  #watched = Promise.withResolvers<void>();

  /** `inner`, for clients whose calls go through here. */
  before(inner: Transport, account = ''): Transport {
    return {
      call: (call, ctx) => this.#call(account, call, (asked) => inner.call(asked, ctx)),
      watch: (call, onEvent, ctx) =>
        this.#watch(call, (end) => inner.watch(call, this.#through(call, onEvent), end), ctx),
    };
  }

  /** Ends every watch: with an error as a connection does that breaks, without as a server does that stops. */
  endWatches(error?: Error): void {
    for (const end of [...this.#watches.keys()]) end(error);
  }

  get watching(): number {
    return [...this.#watches.values()].filter(({ aborted }) => !aborted).length;
  }

  /** Resolves once somebody watches. */
  async watched(): Promise<void> {
    while (this.watching === 0) await this.#watched.promise;
  }

  async #call(account: string, call: ApiCall, ask: (call: ApiCall) => Promise<ApiAnswer>): Promise<ApiAnswer> {
    const write = writeOf(account, call);
    if (write) {
      this.writes.push(write);
      this.beforeWrite(write);
    } else this.beforeRead(call);
    await this.gate(call);
    try {
      const answer = await ask(call);
      this.given(answer.object);
      return answer;
    } catch (error) {
      if (error instanceof StatusError && refused.has(error.code))
        this.refusals.push(`${account}: ${call.method} ${call.path}: ${error.message}`);
      throw error;
    }
  }

  #through({ path }: ApiCall, onEvent: (event: WatchEvent) => void): (event: WatchEvent) => void {
    return (event) =>
      this.hand(path, () => {
        this.given(event.object);
        onEvent(event);
      });
  }

  async #watch(call: ApiCall, begin: (ctx: Context) => Promise<void>, ctx: Context): Promise<void> {
    this.beforeRead(call);
    const { ctx: own, controller } = childContext(ctx);
    const ended = Promise.withResolvers<void>();
    const end = (error: Error | undefined): void => {
      if (error) ended.reject(error);
      else ended.resolve();
    };
    this.#watches.set(end, own.signal);
    this.#watched.resolve();
    this.#watched = Promise.withResolvers<void>();
    try {
      await Promise.race([begin(own), ended.promise]);
    } finally {
      this.#watches.delete(end);
      controller.abort();
    }
  }
}
