import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';

/** A real etcd of one member, in a directory of its own. */
export class TestEtcd {
  readonly endpoint: string;
  #process: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly ports: readonly [client: number, peer: number],
    private readonly extraArguments: readonly string[],
  ) {
    this.endpoint = `http://127.0.0.1:${ports[0]}`;
  }

  static async start(...extraArguments: string[]): Promise<TestEtcd> {
    const directory = await mkdtemp(join(tmpdir(), 'kubernest-etcd-'));
    const etcd = new TestEtcd(directory, [await freePort(), await freePort()], extraArguments);
    await etcd.start();
    return etcd;
  }

  async start(): Promise<void> {
    const peer = `http://127.0.0.1:${this.ports[1]}`;
    this.#process = spawn(
      'etcd',
      [
        ...['--name', 'test', '--data-dir', join(this.directory, 'data'), '--log-level', 'error'],
        ...['--listen-client-urls', this.endpoint, '--advertise-client-urls', this.endpoint],
        ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `test=${peer}`],
        ...this.extraArguments,
      ],
      { stdio: 'ignore' },
    );
    await this.#healthy();
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Still there, but answers nothing until `goOn`. The signal alone is not enough: on a busy machine it goes on answering for a while. */
  async hold(): Promise<void> {
    this.#process?.kill('SIGSTOP');
    for (let attempt = 0; attempt < 1000; attempt++) {
      if (this.#threads().every((state) => state === 'T')) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('etcd did not stop within 5 s');
  }

  goOn(): void {
    this.#process?.kill('SIGCONT');
  }

  /** The state of each as the kernel has it, `T` for stopped. */
  #threads(): readonly string[] {
    const folder = `/proc/${this.#process?.pid}/task`;
    return readdirSync(folder).map((id) => /\) (\w)/.exec(readFileSync(join(folder, id, 'stat'), 'utf8'))?.[1] ?? '');
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #healthy(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const response = await fetch(`${this.endpoint}/health`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('etcd did not become healthy within 10 s');
  }
}
