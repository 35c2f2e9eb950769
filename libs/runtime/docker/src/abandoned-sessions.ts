/** Sessions that nobody wants any longer, while their processes are being ended: that takes a while, which whoever stops must wait for. */
export class AbandonedSessions {
  readonly #ending = new Set<Promise<void>>();

  /** `ending` settles when nothing of a session is left, in bounded time. */
  add(ending: Promise<void>): void {
    const settled = ending
      .catch(() => {})
      .finally(() => {
        this.#ending.delete(settled);
      });
    this.#ending.add(settled);
  }

  /** Resolves when all have ended that were abandoned by now. */
  async ended(): Promise<void> {
    await Promise.all(this.#ending);
  }
}
