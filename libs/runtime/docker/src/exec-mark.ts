import { randomBytes } from 'node:crypto';

/** Ctrl-^, and what follows it nobody types: no terminal is ever detached. */
const OURS = '\x1ekubernest-';

/**
 * Tells the execs of this process from those of an agent before it, and both from those of people (`docker exec`). Of all that may be said
 * of an exec the engine gives back only the keys that detach its terminal. Its own would keep a Ctrl-P until the next key is known.
 */
export class ExecMark {
  readonly #own = OURS + randomBytes(6).toString('hex');

  /** For the engine's `DetachKeys`. */
  get detachKeys(): string {
    return [...this.#own].map((key) => (key === '\x1e' ? 'ctrl-^' : key)).join(',');
  }

  /** `told` are the keys as the engine tells them, in Base64. */
  isOfAnotherAgent(told: string | null | undefined): boolean {
    const keys = Buffer.from(told ?? '', 'base64').toString('latin1');
    return keys.startsWith(OURS) && keys !== this.#own;
  }
}
