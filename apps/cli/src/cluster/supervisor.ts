import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync } from 'node:fs';
import { Backoff, type Context, childContext, type Milliseconds, messageOf } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import { type Beat, isTraced, procStat, terminalExit } from '@kubernest/process';
import {
  endProcess,
  forgetProcess,
  isRunning,
  type ProcessRecord,
  recordedProcess,
  recordOf,
  recordProcess,
} from './process-file.ts';
import { lastLine, lastWord, openLog } from './process-log.ts';
import { PULSE_EVERY, Pulse } from './pulse.ts';

export interface ProcessSpec {
  /** As people know it: `api`, `agent`, `engine`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly pidFile: string;
  readonly logFile: string;
  /** Resolves when the started process can serve. */
  ready(child: ChildProcess, signal: AbortSignal): Promise<void>;
  readonly stopGrace: Milliseconds;
  /** A process of a killed `up` that still runs is kept instead of replaced (the engine: its containers hang on it). */
  readonly adopt?: boolean;
  /** It tells now and then that it is alive (`startBeating`): one that falls silent is ended and started again. */
  readonly beats?: boolean;
  /** What must be over of a process that died before another is started. */
  beforeStart?(signal: AbortSignal): Promise<void>;
}

const stableAfter: Milliseconds = 60_000;
/** Whoever waits longer is told for what. */
export const slowStart: Milliseconds = 10_000;

/** How a process ended, and whether it makes sense to start it again. */
interface End {
  readonly how: string;
  readonly terminal: boolean;
  /** Why, as it told itself. */
  readonly told?: string;
  /** What it wrote last, where it told nothing. */
  readonly wrote?: string;
}

/** Keeps one process running until stopped: starts it, starts it again with back-off when it dies or hangs, and says so. */
export class SupervisedProcess {
  readonly #backoff = new Backoff({ initial: 200, max: 10_000 });
  readonly #life = new AbortController();
  #watching: Promise<void> | undefined;
  /** Kept here too: the file tells a later `up`, and may be gone with the data directory. */
  #process: ProcessRecord | undefined;
  readonly #failed = Promise.withResolvers<never>();

  constructor(
    readonly spec: ProcessSpec,
    private readonly say: (line: string) => void,
  ) {
    this.#failed.promise.catch(() => {});
  }

  /** Rejects, with its last word, once it ended in a way that no restart will mend. Nobody starts it again then. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Resolves when it is ready for the first time; a process that dies before that is a fault. */
  async start(ctx: Context): Promise<void> {
    const left = recordedProcess(this.spec.pidFile);
    if (left && this.spec.adopt) {
      this.#process = left;
      this.#watching = this.#watchAdopted(left, ctx);
      return;
    }
    if (left) await endProcess(left, this.spec.stopGrace);
    await this.spec.beforeStart?.(ctx.signal);
    ctx.signal.throwIfAborted();
    const first = this.#launch(ctx);
    const { ctx: waiting, controller } = childContext(ctx);
    const { name, logFile } = this.spec;
    const cancel = ctx.clock.after(slowStart, () => this.say(`${name} is not ready yet; its log is ${logFile}`));
    try {
      await Promise.race([
        this.spec.ready(first.child, waiting.signal),
        first.ended.then((end) => Promise.reject(this.#unready(end))),
      ]);
    } finally {
      cancel();
      // Nobody asks a dead process any longer whether it is ready.
      controller.abort();
    }
    this.#watching = this.#keepRunning(first.ended, ctx);
  }

  async stop(): Promise<void> {
    this.#life.abort();
    if (this.#process) await endProcess(this.#process, this.spec.stopGrace);
    await this.#watching?.catch(() => {});
    forgetProcess(this.spec.pidFile);
  }

  async #keepRunning(ended: Promise<End>, ctx: Context): Promise<void> {
    let current = ended;
    let startedAt = ctx.clock.monotonic();
    while (!this.#life.signal.aborted) {
      const end = await current;
      const { how, terminal } = end;
      if (this.#life.signal.aborted) return;
      if (terminal) return this.#failed.reject(this.#fault(end, 'and cannot be started again'));
      if (ctx.clock.monotonic() - startedAt > stableAfter) this.#backoff.forget(this.spec.name);
      const delay = this.#backoff.next(this.spec.name);
      this.say(`${this.spec.name} ended (${how}); starting it again in ${delay / 1000} s`);
      await ctx.clock.sleep(delay, this.#life.signal).catch(() => {});
      await this.spec.beforeStart?.(this.#life.signal).catch((error: unknown) => {
        if (!this.#life.signal.aborted) this.say(`${this.spec.name} starts all the same: ${messageOf(error)}`);
      });
      if (this.#life.signal.aborted) return;
      startedAt = ctx.clock.monotonic();
      current = this.#launch(ctx, { at: wireTime(ctx.clock.now()), why: how }).ended;
    }
  }

  async #watchAdopted(left: ProcessRecord, ctx: Context): Promise<void> {
    while (!this.#life.signal.aborted && isRunning(left)) {
      await ctx.clock.sleep(500, this.#life.signal).catch(() => {});
    }
    if (this.#life.signal.aborted) return;
    await this.#keepRunning(Promise.resolve({ how: 'it was left over and has gone', terminal: false }), ctx);
  }

  #launch(ctx: Context, restarted?: ProcessRecord['restarted']): { child: ChildProcess; ended: Promise<End> } {
    const { command, args, env, logFile } = this.spec;
    const log = openLog(logFile);
    const begins = fstatSync(log).size;
    const child = spawn(command, args, {
      detached: true,
      // Where the user stands may be removed, and a disk that is mounted there could not be unmounted.
      cwd: '/',
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    if (child.pid !== undefined) this.#keepRecord(recordOf(child.pid, restarted));
    const hung = this.spec.beats ? this.#feelPulse(child, ctx) : undefined;
    const told = lastWord(child);
    const ended = new Promise<End>((resolve) => {
      child.once('error', (error) => resolve({ how: error.message, terminal: false }));
      child.once('exit', async (code, signal) => {
        const how = hung?.() ?? signal ?? `exit code ${code}`;
        // What others inherit from a program that is not ours, they may hold open for ever.
        const word = this.spec.beats ? await told : undefined;
        resolve({ how, terminal: code === terminalExit, told: word, wrote: lastLine(logFile, begins) });
      });
    });
    return { child, ended };
  }

  /** A disk that is full must not leave a process that nobody holds: it is known by its arguments, too. */
  #keepRecord(record: ProcessRecord): void {
    this.#process = record;
    try {
      recordProcess(this.spec.pidFile, record);
    } catch (error) {
      this.say(messageOf(error));
    }
  }

  /** Ends it when it hangs. What it returns tells why, once that has happened. */
  #feelPulse(child: ChildProcess, ctx: Context): () => string | undefined {
    const pid = child.pid ?? 0;
    const pulse = new Pulse(ctx.clock, () => ({ state: procStat(pid)?.state, traced: isTraced(pid) }));
    let why: string | undefined;
    let cancel = (): void => {};
    const look = (): void => {
      why = pulse.hangs();
      if (why === undefined) cancel = ctx.clock.after(PULSE_EVERY, look);
      else {
        this.say(`${this.spec.name} hangs: ${why}; ending it`);
        child.kill('SIGKILL');
      }
    };
    child.on('message', (message) => {
      if (isBeat(message)) pulse.heard(message.debugged);
    });
    // One that could not be started ends without an exit.
    for (const end of ['exit', 'error']) child.once(end, () => cancel());
    look();
    return () => why && `hung: ${why}`;
  }

  /** What it told is a sentence of its own. */
  #unready({ told, ...end }: End): Error {
    const { name, logFile } = this.spec;
    return told === undefined
      ? this.#fault(end, 'before it was ready')
      : new Error(`${told}; the log of ${name} is ${logFile}`);
  }

  #fault({ how, told, wrote }: End, when: string): Error {
    const { name, logFile } = this.spec;
    const why = told === undefined ? ` (${how}): ${wrote ?? 'it did not say why'}` : `: ${told}`;
    return new Error(`${name} ended ${when}${why}; its log is ${logFile}`);
  }
}

const isBeat = (message: unknown): message is Beat =>
  typeof message === 'object' && message !== null && 'alive' in message;

/** For our own programs: they send `{ready: true}` over the IPC channel. */
export function readyMessage(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) resolve();
    });
  });
}
