import type { Context } from '@kubernest/kit';

export interface RequestScope {
  readonly ctx: Context;
  /** The request is over, for whatever reason. */
  readonly close: () => void;
  /** Its answer has left, or waits where nobody is kept by it. */
  readonly over: () => void;
  /** Calls `done` once it is over or closed, or at once. */
  readonly onOver: (done: () => void) => void;
}

// Made once: an exception takes the stack each time, and every write's request ends in one.
const gone = new DOMException('the client is gone', 'AbortError');

/** A context per request whose signal comes to be only when somebody asks for it: most requests never do. */
export class RequestContexts {
  readonly #open = new Set<AbortController>();

  constructor(private readonly parent: Context) {}

  open(): RequestScope {
    const open = this.#open;
    let controller: AbortController | undefined;
    let closed = false;
    let isOver = false;
    let whenOver: (() => void)[] | undefined;
    const over = (): void => {
      isOver = true;
      const waiting = whenOver;
      whenOver = undefined;
      for (const done of waiting ?? []) done();
    };
    const { clock, log } = this.parent;
    return {
      ctx: {
        clock,
        log,
        get signal() {
          if (!controller) {
            controller = new AbortController();
            if (closed) controller.abort();
            else open.add(controller);
          }
          return controller.signal;
        },
      },
      close: () => {
        closed = true;
        if (controller) {
          open.delete(controller);
          controller.abort(gone);
        }
        over();
      },
      over,
      onOver: (done) => {
        if (isOver) done();
        else if (whenOver) whenOver.push(done);
        else whenOver = [done];
      },
    };
  }

  abortAll(): void {
    for (const controller of this.#open) controller.abort(new DOMException('the server is stopping', 'AbortError'));
    this.#open.clear();
  }
}
