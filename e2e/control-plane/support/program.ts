import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../cluster/test-cluster.ts';

/** One built program of ours, up from its first word to the signal that ends it. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  #said = '';

  constructor(name: 'api' | 'node-agent', args: readonly string[]) {
    this.#child = spawn(process.execPath, [join(root, 'dist', `${name}.js`), ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-8_000);
      });
  }

  /** What it said last, for the message of a test that failed. */
  get said(): string {
    return this.#said;
  }

  async ready(): Promise<void> {
    const ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`ended with ${String(code)} before it was ready: ${this.#said}`);
    });
    await Promise.race([once(this.#child, 'message'), ended]);
    ended.catch(() => {});
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('SIGKILL');
  }
}
