import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

const alive = new Set<ChildProcess>();
// A run that is interrupted takes its processes with it.
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));

/** A process of ours, watched from outside through /proc. */
export class Child implements AsyncDisposable {
  private constructor(
    readonly process: ChildProcess,
    private readonly name: string,
  ) {}

  static start(
    name: string,
    command: string,
    args: readonly string[],
    options: { readonly ipc?: boolean; readonly cwd?: string } = {},
  ): Child {
    const stdio = ['ignore', 'ignore', 'inherit', ...(options.ipc ? ['ipc' as const] : [])] as const;
    const child = spawn(command, args, { stdio: [...stdio], cwd: options.cwd });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    return new Child(child, name);
  }

  get pid(): number {
    const { pid } = this.process;
    if (pid === undefined) throw new Error(`${this.name} did not start`);
    return pid;
  }

  /** The first message over IPC that is no heartbeat; an error if the process ends before. */
  async message<T>(): Promise<T> {
    const settled = new AbortController();
    const { signal } = settled;
    const ended = once(this.process, 'exit', { signal }).then(([code]) => {
      throw new Error(`${this.name} ended with ${String(code)} before it was ready`);
    });
    try {
      for (;;) {
        const [message] = (await Promise.race([once(this.process, 'message', { signal }), ended])) as [T];
        if (!(typeof message === 'object' && message !== null && 'alive' in message)) return message;
      }
    } finally {
      ended.catch(() => {});
      settled.abort();
    }
  }

  /** CPU used so far by all its threads, in seconds. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  residentMegabytes(): number {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    if (!line) throw new Error(`${this.name} is gone`);
    return Number(line[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const kill = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(kill);
  }
}
