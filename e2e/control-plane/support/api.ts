import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type Client,
  createClient,
  type HttpTransportOptions,
  httpTransport,
  loadKubeconfig,
  transportOptionsOf,
} from '@kubernest/client';
import { kubectls, type Ran, run } from '../../cluster/test-cluster.ts';
import { freePort } from '../../support/free-port.ts';
import { Program } from './program.ts';

export interface ApiOptions {
  /** Its own directory. */
  readonly dir: string;
  /** `sqlite`, or the address of etcd. */
  readonly store: string;
  readonly sealingKey: string;
  readonly address: string;
  /** Besides those that each needs. */
  readonly flags?: readonly string[];
}

/** A built control plane with all its components. It may be ended and started again; the port stays. */
export class Api implements AsyncDisposable {
  #program: Program | undefined;

  private constructor(
    readonly port: number,
    private readonly options: ApiOptions,
  ) {}

  static async on(options: ApiOptions): Promise<Api> {
    return new Api(await freePort(), options);
  }

  get kubeconfig(): string {
    return join(this.options.dir, 'admin.kubeconfig');
  }

  /** As it says in its Leases. */
  get endpoint(): string {
    return `${this.options.address}:${this.port}`;
  }

  get said(): string {
    return this.#program?.said ?? '';
  }

  async start(): Promise<void> {
    const { dir, store, sealingKey, address, flags = [] } = this.options;
    this.#program = new Program('api', [
      '--name=e2e',
      `--data-dir=${join(dir, 'data')}`,
      `--store=${store}`,
      `--sealing-key=${sealingKey}`,
      `--port=${this.port}`,
      `--advertise-address=${address}`,
      `--admin-kubeconfig=${this.kubeconfig}`,
      ...flags,
    ]);
    await this.#program.ready();
  }

  /** Holds it up, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#program?.signal(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#program?.end(signal);
  }

  /** As the administrator by this server's own kubeconfig, or by another credential. */
  client(as: { readonly token?: string; readonly adminOf?: Api } = {}): Client {
    const { server, ca } = this.#transport();
    const { cert, key } = (as.adminOf ?? this).#transport();
    return createClient(httpTransport({ server, ca, ...(as.token ? { token: as.token } : { cert, key }) }));
  }

  /** As a browser does, which has no credential but its cookies. */
  async visit(
    path: string,
    headers: Record<string, string> = {},
    object?: object,
  ): Promise<{ answer: IncomingMessage; body: string }> {
    const { server, ca } = this.#transport();
    const type = object && { 'content-type': 'application/json' };
    const method = object ? 'POST' : 'GET';
    const asked = request(new URL(path, server), { method, ca, headers: { ...type, ...headers }, agent: false });
    asked.end(object && JSON.stringify(object));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { answer, body: await text(answer) };
  }

  #transport(): HttpTransportOptions {
    return transportOptionsOf(loadKubeconfig([this.kubeconfig]));
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const ran: Ran = await run(kubectls().at(-1)!, args, {
      env: { KUBECONFIG: this.kubeconfig, HOME: this.options.dir },
      input,
    });
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('SIGKILL');
  }
}
