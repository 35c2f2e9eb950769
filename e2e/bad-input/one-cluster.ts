import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cli, noFoundEngine, type Ran, run } from '../cluster/test-cluster.ts';
import { freePort } from '../support/free-port.ts';

export const hollow = ['--runtime=hollow', '--hollow-nodes=1', '--no-install'];

/** Nobody but `up` and `down` of one cluster, so that each start can fail in its own way. */
export class OneCluster {
  /** All that the cluster has is below. */
  readonly dir = mkdtempSync(join(tmpdir(), 'kubernest-bad-'));
  readonly data = join(this.dir, 'data');
  #port: number | undefined;

  constructor(readonly name: string) {}

  kubernest(command: string, ...args: string[]): Promise<Ran> {
    return this.kubernestWith(join(this.dir, 'config'), command, ...args);
  }

  async kubernestWith(kubeconfig: string, command: string, ...args: string[]): Promise<Ran> {
    const common = [`--name=${this.name}`, `--data-dir=${this.data}`];
    // Of its own also while it is stopped, when another test's cluster could take it.
    this.#port ??= await freePort();
    if (command === 'up' && !args.some((arg) => arg.startsWith('--api-port'))) common.push(`--api-port=${this.#port}`);
    return run(process.execPath, [cli, command, ...common, ...args], {
      env: { HOME: this.dir, KUBECONFIG: kubeconfig, ...noFoundEngine(this.dir) },
    });
  }

  readonly up = (...args: string[]): Promise<Ran> => this.kubernest('up', '--detach', ...args);
  readonly down = (): Promise<Ran> => this.kubernest('down', '--purge');

  readonly end = async (): Promise<void> => {
    await this.down();
    rmSync(this.dir, { recursive: true, force: true });
  };
}

export async function takePort(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '0.0.0.0');
  await new Promise((done) => server.once('listening', done));
  return { server, port: (server.address() as { port: number }).port };
}

/** It failed with this as its last word, for people. */
export function mustTell({ code, stdout, stderr }: Ran, words: RegExp): void {
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(words);
  expect(stderr + stdout).not.toMatch(/\n\s+at |starting it again/);
}
