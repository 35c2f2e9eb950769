import { tooManyRequests } from '@kubernest/meta';

const RETRY_AFTER_SECONDS = 1;

export interface QueueLimits {
  readonly tasks: number;
  readonly bytes: number;
}

/** A task as the queue sees it. */
export interface Queued {
  /** Whose it is. */
  readonly user: string;
  readonly bytes: number;
  /** Gives its place up, if it still waits. */
  readonly signal: AbortSignal;
}

/** Of what all may have here, one user may have so much. */
const SHARE = 1 / 2;

/**
 * Lets one task after the other work. Users take turns, so that nobody waits for another's many, and one user's come in their order. Refuses
 * what is more than it may hold, and than one user may.
 */
export class BodyQueue {
  /** By user, whose turn is next first. */
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #held = new Map<string, QueueLimits>();
  #busy = false;

  constructor(private readonly most: QueueLimits) {}

  /** Runs `work` in its turn. Throws 429 when too much is here already, and the signal's reason when that fires before the turn. */
  async inTurn<T>(task: Queued, work: () => Promise<T>): Promise<T> {
    task.signal.throwIfAborted();
    this.#refuseTooMuch(task);
    this.#hold(task, 1);
    try {
      await this.#turn(task);
      try {
        return await work();
      } finally {
        this.#pass();
      }
    } finally {
      this.#hold(task, -1);
    }
  }

  #refuseTooMuch({ user, bytes }: Queued): void {
    const all = [...this.#held.values()].reduce(sum, nothing);
    const own = this.#held.get(user) ?? nothing;
    const { most } = this;
    const share = { tasks: most.tasks * SHARE, bytes: most.bytes * SHARE };
    if (fits(all, bytes, most) && (own === nothing || fits(own, bytes, share))) return;
    throw tooManyRequests('too many large request bodies are being read, please try again later', RETRY_AFTER_SECONDS);
  }

  /** `by`: 1 with its coming, -1 with its going. */
  #hold({ user, bytes }: Queued, by: 1 | -1): void {
    const now = sum(this.#held.get(user) ?? nothing, { tasks: by, bytes: by * bytes });
    if (now.tasks === 0) this.#held.delete(user);
    else this.#held.set(user, now);
  }

  #turn({ user, signal }: Queued): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#leave(user, enter);
        reject(signal.reason);
      };
      this.#waiting.getOrInsertComputed(user, () => new Set()).add(enter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leave(user: string, enter: () => void): void {
    const own = this.#waiting.get(user);
    own?.delete(enter);
    if (own?.size === 0) this.#waiting.delete(user);
  }

  #pass(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#busy = false;
      return;
    }
    const [user, own] = next;
    const [enter] = own;
    own.delete(enter!);
    // Behind all others.
    this.#waiting.delete(user);
    if (own.size > 0) this.#waiting.set(user, own);
    enter!();
  }
}

const nothing: QueueLimits = { tasks: 0, bytes: 0 };
const sum = (a: QueueLimits, b: QueueLimits): QueueLimits => ({ tasks: a.tasks + b.tasks, bytes: a.bytes + b.bytes });
const fits = (held: QueueLimits, bytes: number, most: QueueLimits): boolean =>
  held.tasks + 1 <= most.tasks && held.bytes + bytes <= most.bytes;
