import { Backoff, type Clock, type Milliseconds, systemClock } from '@kubernest/kit';

/** Longest that whoever stops waits: what is left is ended by the agent that comes next. */
const STOP_LIMIT: Milliseconds = 10_000;

/** Sessions that nobody wants any longer, until nothing of them is left: none is forgotten, whatever fails and however long it takes. */
export class AbandonedSessions {
  readonly #ending = new Set<Promise<void>>();

  constructor(private readonly clock: Clock = systemClock) {}

  /** `end` is called until it resolves, which says that nothing of a session is left. */
  add(end: () => Promise<void>): void {
    const ended = this.#insist(end).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  /** Resolves when all have ended that were abandoned by now, or once that takes too long. */
  async ended(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.clock.after(STOP_LIMIT, late.resolve);
    await Promise.race([Promise.all(this.#ending), late.promise]);
    cancel();
  }

  async #insist(end: () => Promise<void>): Promise<void> {
    const backoff = new Backoff({ initial: 50, max: 30_000 });
    for (;;) {
      try {
        return await end();
      } catch {
        await this.clock.sleep(backoff.next(''), new AbortController().signal);
      }
    }
  }
}
