import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Backoff, type Context, childContext, type Milliseconds } from '@kubernest/kit';
import {
  endProcess,
  forgetProcess,
  isRunning,
  type ProcessRecord,
  recordedProcess,
  recordProcess,
} from './process-file.ts';

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
  /** What must be over of a process that died before another is started. */
  beforeStart?(signal: AbortSignal): Promise<void>;
}

const logLimitBytes = 10 * 1024 * 1024;
const stableAfter: Milliseconds = 60_000;

/** Keeps one process running until stopped: starts it, starts it again with back-off when it dies, and says so. */
export class SupervisedProcess {
  readonly #backoff = new Backoff({ initial: 200, max: 10_000 });
  readonly #life = new AbortController();
  #watching: Promise<void> | undefined;
  /** Kept here too: the file tells a later `up`, and may be gone with the data directory. */
  #process: ProcessRecord | undefined;

  constructor(
    readonly spec: ProcessSpec,
    private readonly say: (line: string) => void,
  ) {}

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
    const first = this.#launch();
    const { ctx: waiting, controller } = childContext(ctx);
    try {
      await Promise.race([
        this.spec.ready(first.child, waiting.signal),
        first.ended.then((how) => Promise.reject(this.#fault(how))),
      ]);
    } finally {
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

  async #keepRunning(ended: Promise<string>, ctx: Context): Promise<void> {
    let current = ended;
    let startedAt = ctx.clock.monotonic();
    while (!this.#life.signal.aborted) {
      const how = await current;
      if (this.#life.signal.aborted) return;
      if (ctx.clock.monotonic() - startedAt > stableAfter) this.#backoff.forget(this.spec.name);
      const delay = this.#backoff.next(this.spec.name);
      this.say(`${this.spec.name} ended (${how}); starting it again in ${delay / 1000} s`);
      await ctx.clock.sleep(delay, this.#life.signal).catch(() => {});
      await this.spec.beforeStart?.(this.#life.signal).catch(() => {});
      if (this.#life.signal.aborted) return;
      startedAt = ctx.clock.monotonic();
      current = this.#launch().ended;
    }
  }

  async #watchAdopted(left: ProcessRecord, ctx: Context): Promise<void> {
    while (!this.#life.signal.aborted && isRunning(left)) {
      await ctx.clock.sleep(500, this.#life.signal).catch(() => {});
    }
    if (this.#life.signal.aborted) return;
    await this.#keepRunning(Promise.resolve('it was left over and has gone'), ctx);
  }

  #launch(): { child: ChildProcess; ended: Promise<string> } {
    const { command, args, env, pidFile, logFile } = this.spec;
    const log = openLog(logFile);
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    if (child.pid !== undefined) this.#process = recordProcess(pidFile, child.pid);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    return { child, ended };
  }

  #fault(how: string): Error {
    const { name, logFile } = this.spec;
    const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1);
    return new Error(`${name} ended before it was ready (${how}): ${last}; its log is ${logFile}`);
  }
}

/** To be appended to; one that has grown too long is put aside first. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** For our own programs: they send `{ready: true}` over the IPC channel. */
export function readyMessage(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) resolve();
    });
  });
}
