import type { AnswerTaker } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';

// Made once: an exception takes the stack each time, and every write's request ends in one.
const gone = new DOMException('the client is gone', 'AbortError');

/** What carries a request's answer. */
interface Carrier {
  destroy(): unknown;
}

/** The context of one request, and who takes its answer. Its signal comes to be only when somebody asks for it: most requests never do. */
export class RequestScope implements Context, AnswerTaker {
  readonly clock: Context['clock'];
  readonly log: Context['log'];
  #controller: AbortController | undefined;
  #isClosed = false;
  #isOver = false;
  #whenOver: (() => void)[] | undefined;

  constructor(
    { clock, log }: Context,
    private readonly open: Set<AbortController>,
    private readonly carrier: Carrier,
  ) {
    this.clock = clock;
    this.log = log;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isClosed) this.#controller.abort();
      else this.open.add(this.#controller);
    }
    return this.#controller.signal;
  }

  /** The request is over, for whatever reason. */
  readonly close = (): void => {
    this.#isClosed = true;
    if (this.#controller) {
      this.open.delete(this.#controller);
      this.#controller.abort(gone);
    }
    this.over();
  };

  /** Its answer has left, or waits where nobody is kept by it. */
  over(): void {
    this.#isOver = true;
    const waiting = this.#whenOver;
    if (!waiting) return;
    this.#whenOver = undefined;
    for (const done of waiting) done();
  }

  onOver(done: () => void): void {
    if (this.#isOver) done();
    else if (this.#whenOver) this.#whenOver.push(done);
    else this.#whenOver = [done];
  }

  breakOff(): void {
    this.carrier.destroy();
  }
}

export class RequestContexts {
  readonly #open = new Set<AbortController>();

  constructor(private readonly parent: Context) {}

  open(carrier: Carrier): RequestScope {
    return new RequestScope(this.parent, this.#open, carrier);
  }

  abortAll(): void {
    for (const controller of this.#open) controller.abort(new DOMException('the server is stopping', 'AbortError'));
    this.#open.clear();
  }
}
