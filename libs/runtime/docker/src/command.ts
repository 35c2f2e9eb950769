import { answerWithin, Backoff, type Clock, type Context, type Milliseconds, silentLogger } from '@kubernest/kit';
import type Docker from 'dockerode';
import { isGone } from './engine-error.ts';
import { findLeader, hangUp, killSession, type Leader } from './exec-processes.ts';

/** How long one answer is waited for before the engine is asked again: one that is busy starting others takes seconds. */
const ANSWER_LIMIT: Milliseconds = 30_000;

/** As when a terminal hangs up, or without a warning. */
export type Ending = 'hang-up' | 'kill';

/**
 * A command that the engine was told to start. The engine has no call to end one: that is done by its processes, which are this machine's.
 * Where they are in a machine of their own (Docker Desktop), the closed stream has to do.
 */
export class Command {
  #leader: Promise<Leader | undefined> | undefined;
  #hungUp = false;

  constructor(
    private readonly exec: Docker.Exec,
    private readonly containerId: string,
    private readonly clock: Clock,
  ) {}

  /**
   * Its first process: known early, it leads to those that it leaves in the background. Undefined once it has ended before it was known. The
   * engine is asked until it tells one or the other; it answers a moment before the process is there, and under load much later.
   */
  leader(): Promise<Leader | undefined> {
    this.#leader ??= this.#ask();
    return this.#leader;
  }

  /** Resolves once its first process is known, or has not been for so long. */
  async known(limit: Milliseconds): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.clock.after(limit, late.resolve);
    await Promise.race([this.leader(), late.promise]);
    cancel();
  }

  /** Resolves when nothing of it runs any more. Throws when something does after all that it was sent: to be called again. */
  async end(how: Ending): Promise<void> {
    const leader = await this.leader();
    if (!leader) return;
    if (how === 'hang-up' && !this.#hungUp) {
      await hangUp(leader, this.containerId, this.clock);
      this.#hungUp = true;
    }
    const killed = await killSession(leader, this.containerId);
    if (killed > 0) throw new Error(`${killed} processes of a command in container ${this.containerId} are yet to end`);
  }

  async #ask(): Promise<Leader | undefined> {
    const backoff = new Backoff({ initial: 2, max: 5_000 });
    const lasting: Context = { signal: new AbortController().signal, clock: this.clock, log: silentLogger };
    for (;;) {
      try {
        const inspect = ({ signal: abortSignal }: Context) => this.exec.inspect({ abortSignal });
        const info = await answerWithin({ who: 'the engine', limit: ANSWER_LIMIT }, inspect, lasting);
        if (typeof info.ExitCode === 'number') return undefined;
        const leader = info.Running && info.Pid > 0 ? await findLeader(info.Pid) : undefined;
        if (leader) return leader;
      } catch (error) {
        if (isGone(error)) return undefined;
      }
      await this.clock.sleep(backoff.next(''), lasting.signal);
    }
  }
}
