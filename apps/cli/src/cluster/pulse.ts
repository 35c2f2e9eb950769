import type { Clock, Milliseconds } from '@kubernest/kit';

/** So long may an event loop stand still, on a slow machine too. */
const HANGS_AFTER: Milliseconds = 30_000;
/** The kernel itself says that it stands still. */
const STOPPED_AFTER: Milliseconds = 10_000;
export const PULSE_EVERY: Milliseconds = 1000;

/** What the kernel knows of a process that is silent. */
export interface KernelView {
  /** One letter, as in `proc(5)`; undefined when it is gone. */
  readonly state: string | undefined;
  /** A debugger holds it. */
  readonly traced: boolean;
}

/**
 * Judges by heartbeats whether a process hangs. It counts only time in which it was itself on time: when the machine slept, or was too busy
 * for this process too, the silence of another proves nothing. To be called every `PULSE_EVERY`.
 */
export class Pulse {
  #silence: Milliseconds = 0;
  #lookedAt: Milliseconds;
  #debugged = false;

  constructor(
    private readonly clock: Clock,
    private readonly look: () => KernelView,
  ) {
    this.#lookedAt = clock.monotonic();
  }

  heard(debugged: boolean): void {
    this.#silence = 0;
    this.#debugged = debugged;
  }

  /** Why it is taken to hang; undefined while it is not. */
  hangs(): string | undefined {
    const now = this.clock.monotonic();
    const elapsed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (this.#debugged) return undefined;
    // Late by more than a beat: what it said meanwhile has not been read yet.
    if (elapsed < 2 * PULSE_EVERY) this.#silence += elapsed;
    if (this.#silence < STOPPED_AFTER) return undefined;
    const { state, traced } = this.look();
    // Gone, or waiting for the disk: no signal would change either.
    if (traced || state === undefined || state === 'D') return undefined;
    const seconds = Math.round(this.#silence / 1000);
    if (state === 'T') return `it is stopped and has not answered for ${seconds} s`;
    return this.#silence >= HANGS_AFTER ? `it has not answered for ${seconds} s` : undefined;
  }
}
