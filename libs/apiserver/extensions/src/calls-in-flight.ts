/** As many as may change something here at once: who writes one object each is not refused. */
const MOST_CALLS = 200;
/** Of what is sent; a list is sent in parts of up to 4 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

export class TooManyCallsError extends Error {
  override readonly name = 'TooManyCallsError';
}

/** What one webhook was sent and has not answered. One that hangs keeps no more than this in memory. */
export class CallsInFlight {
  #calls = 0;
  #bytes = 0;

  /** Rejects at once with a `TooManyCallsError` when there are too many. */
  async add<T>(bytes: number, call: () => Promise<T>): Promise<T> {
    const isFull = this.#calls >= MOST_CALLS || (this.#calls > 0 && this.#bytes + bytes > MOST_BYTES);
    if (isFull) throw new TooManyCallsError('too many calls wait for its answer, please try again later');
    this.#calls++;
    this.#bytes += bytes;
    try {
      return await call();
    } finally {
      this.#calls--;
      this.#bytes -= bytes;
    }
  }
}
