import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeWarnings, root } from '../../cluster/test-cluster.ts';

/** One built program of ours, up from its first word to the signal that ends it. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  #said = '';
  readonly #warnings: string[] = [];

  constructor(name: 'api' | 'node-agent', args: readonly string[]) {
    this.#child = spawn(process.execPath, [join(root, 'dist', `${name}.js`), ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-8_000);
        this.#warnings.push(...nodeWarnings(chunk.toString()));
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
    await Promise.race([this.#saysReady(), ended]);
    ended.catch(() => {});
  }

  /** Among its heartbeats. */
  async #saysReady(): Promise<void> {
    for (let message: object = {}; !('ready' in message); )
      [message] = (await once(this.#child, 'message')) as [object];
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Fails when Node had to warn of something in it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#end(signal);
    if (this.#warnings.length > 0) throw new Error(`Node warned of something: ${this.#warnings.join('; ')}`);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('SIGKILL');
  }
}
