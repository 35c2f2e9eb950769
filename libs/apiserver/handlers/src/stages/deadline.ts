import type { AnswerTaker } from '@kubernest/apiserver/contract';
import type { Context, Milliseconds } from '@kubernest/kit';
import { badRequest, readDuration, timeout } from '@kubernest/meta';

/** How long this request may take: what its `?timeout=` asks for, at most the server's own limit. Throws 400 for what is no duration. */
export function timeoutOf(query: URLSearchParams, limit: Milliseconds): Milliseconds {
  const text = query.get('timeout');
  if (!text) return limit;
  const asked = readDuration(text);
  if (typeof asked !== 'number') throw badRequest(`invalid timeout specified in the request URL - ${asked.fault}`);
  // compat: nothing or less asks for nothing.
  return asked > 0 && asked < limit ? asked : limit;
}

export interface Limit<T> {
  readonly limit: Milliseconds;
  /** Called when it has passed without an answer. */
  readonly onPassed: () => void;
  /** Who takes this answer bit by bit, if anybody does. */
  readonly takerOf: (answer: T) => AnswerTaker | undefined;
}

/**
 * What `work` answers, or 504 once `limit` has passed: then the context it was given aborts, and nobody waits for it any longer. A
 * write that was on its way to the store by then may still be made, as when its client goes away. compat: an answer that has not been
 * taken by then breaks off.
 */
export function withinDeadline<T>(
  work: (ctx: Context) => T | Promise<T>,
  limit: Limit<T>,
  ctx: Context,
): T | Promise<T> {
  const deadline = new Deadline(ctx);
  const answer = work(deadline);
  // What is answered at once and taken as a whole has no time to be late in.
  if (!(answer instanceof Promise) && !limit.takerOf(answer)) {
    deadline.detach();
    return answer;
  }
  return inTime(Promise.resolve(answer), limit, deadline);
}

function inTime<T>(work: Promise<T>, { limit, onPassed, takerOf }: Limit<T>, deadline: Deadline): Promise<T> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    let taker: AnswerTaker | undefined;
    const cancel = deadline.clock.after(limit, () => {
      const late = timeout('request did not complete within the allotted timeout');
      if (isAnswered) taker?.breakOff();
      else onPassed();
      deadline.pass(late);
      reject(late);
    });
    const over = (): void => {
      cancel();
      deadline.detach();
    };
    work.then(
      (answer) => {
        isAnswered = true;
        taker = takerOf(answer);
        resolve(answer);
        if (taker) taker.onOver(over);
        else over();
      },
      (error: unknown) => {
        over();
        reject(error);
      },
    );
  });
}

/** A context that also aborts at its deadline. Its signal is made when somebody asks for it: most reads never do. */
class Deadline implements Context {
  readonly clock: Context['clock'];
  readonly log: Context['log'];
  #controller: AbortController | undefined;
  #passed: Error | undefined;
  #detached = false;

  constructor(private readonly parent: Context) {
    this.clock = parent.clock;
    this.log = parent.log;
  }

  get signal(): AbortSignal {
    // After the answer nothing is due any longer: whoever still has this context is bound to the request alone.
    if (this.#detached && !this.#controller) return this.parent.signal;
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#passed) this.#controller.abort(this.#passed);
      else if (this.parent.signal.aborted) this.#controller.abort(this.parent.signal.reason);
      else this.parent.signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    return this.#controller.signal;
  }

  readonly #onAbort = (): void => this.#controller?.abort(this.parent.signal.reason);

  pass(why: Error): void {
    this.#passed = why;
    this.#controller?.abort(why);
  }

  detach(): void {
    this.#detached = true;
    if (this.#controller) this.parent.signal.removeEventListener('abort', this.#onAbort);
  }
}
