import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../../cluster/test-cluster.ts';
import { freePort } from '../../support/free-port.ts';
import type { Api } from './api.ts';

/** What needs kinds that are not served here, or is no matter of the sample's. */
const without = [
  'NamespaceLifecycle',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
];

export interface SampleOptions {
  readonly dir: string;
  readonly etcd: string;
  readonly address: string;
  /** The API server that it asks who somebody is, and what he may. */
  readonly api: Api;
  /** Its service account's. */
  readonly token: string;
}

/** Kubernetes' sample of an aggregated API server, built here; it asks the cluster who may, as one in a pod would. */
export class SampleApiserver implements AsyncDisposable {
  #said = '';

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-8_000);
      });
  }

  static async start({ dir, etcd, address, api, token }: SampleOptions): Promise<SampleApiserver> {
    const program = join(dir, 'sample-apiserver');
    const built = await run('go', ['build', '-o', program, '.'], {
      cwd: join(root, 'e2e/foreign/sample-apiserver'),
      timeout: 220_000,
    });
    if (built.code !== 0) throw new Error(`could not build it: ${built.stderr}`);
    const kubeconfig = join(dir, 'sample.kubeconfig');
    writeFileSync(kubeconfig, await kubeconfigOf(api, token));
    const port = await freePort();
    const kubeconfigs = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
    const child = spawn(program, [
      ...kubeconfigs.map((flag) => `--${flag}=${kubeconfig}`),
      `--etcd-servers=${etcd}`,
      `--bind-address=${address}`,
      `--secure-port=${port}`,
      `--cert-dir=${join(dir, 'sample-certificates')}`,
      '--enable-priority-and-fairness=false',
      `--disable-admission-plugins=${without.join()}`,
    ]);
    return new SampleApiserver(port, child);
  }

  /** What it said last, for the message of a test that failed. */
  get said(): string {
    return this.#said;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

/** The administrator's, with another's token in place of his certificate. */
async function kubeconfigOf(api: Api, token: string): Promise<string> {
  const config = JSON.parse(await api.kubectl(['config', 'view', '--raw', '-o', 'json'])) as { users: object[] };
  return JSON.stringify({ ...config, users: config.users.map((user) => ({ ...user, user: { token } })) });
}
