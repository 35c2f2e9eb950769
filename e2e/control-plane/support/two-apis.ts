import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@kubernest/client';
import type { Lease } from '@kubernest/kinds';
import type { Store } from '@kubernest/store/contract';
import { openEtcdStore } from '@kubernest/store/etcd';
import { eventually } from '../../cluster/test-cluster.ts';
import { TestEtcd } from '../../store/support/etcd.ts';
import { Api } from './api.ts';
import { OwnAddresses } from './own-address.ts';
import { Program } from './program.ts';
import { refs } from './refs.ts';
import { ctx } from './seen.ts';

/** Two API servers with all components on one etcd, and an agent with hollow nodes. */
export class TwoApis implements AsyncDisposable {
  #agent: Program | undefined;

  private constructor(
    private readonly home: string,
    private readonly addresses: OwnAddresses,
    readonly etcd: TestEtcd,
    readonly a: Api,
    readonly b: Api,
  ) {}

  static async start(): Promise<TwoApis> {
    const home = mkdtempSync(join(tmpdir(), 'kubernest-two-'));
    const addresses = await OwnAddresses.add();
    const etcd = await TestEtcd.start();
    const make = (name: string, address: string): Promise<Api> => {
      const dir = join(home, name);
      mkdirSync(dir);
      return Api.on({ dir, store: etcd.endpoint, sealingKey: join(home, 'sealing.key'), address });
    };
    const [a, b] = [await make('a', addresses.first), await make('b', addresses.second)];
    const two = new TwoApis(home, addresses, etcd, a, b);
    try {
      // At once and on an empty store: neither may make keys or defaults of its own.
      await Promise.all([two.a.start(), two.b.start()]);
      return two;
    } catch (error) {
      await two[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Who holds that Lease, and who does not. */
  async leadership(lease: string): Promise<{ readonly leader: Api; readonly other: Api }> {
    return eventually(async () => {
      const holder = (await leaseOf(this.a.client(), lease)).spec?.holderIdentity ?? '';
      if (holder.startsWith(`${this.a.endpoint}_`)) return { leader: this.a, other: this.b };
      if (holder.startsWith(`${this.b.endpoint}_`)) return { leader: this.b, other: this.a };
      throw new Error(`the lease ${lease} is held by "${holder}"`);
    });
  }

  /** Three hollow nodes that speak to this server; those that spoke to another end. */
  async agentAt(api: Api): Promise<void> {
    await this.#agent?.end('SIGKILL');
    const dir = `--data-dir=${join(this.home, 'agent')}`;
    const flags = ['--runtime=hollow', '--hollow-nodes=3', `--kubeconfig=${api.kubeconfig}`, dir];
    this.#agent = new Program('node-agent', flags);
    await this.#agent.ready();
  }

  /** Behind the servers' backs. */
  async inStore(act: (store: Store) => Promise<void>): Promise<void> {
    const store = await openEtcdStore({ endpoints: [this.etcd.endpoint], prefix: '/kubernest/e2e' });
    try {
      await act(store);
    } finally {
      await store.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent?.end('SIGKILL');
    await this.a.end('SIGKILL');
    await this.b.end('SIGKILL');
    await this.etcd.dispose();
    await this.addresses[Symbol.asyncDispose]();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function leaseOf(client: Client, name: string): Promise<Lease> {
  return client.resource<Lease>(refs.leases).fetch({ namespace: 'kube-system', name }, ctx);
}

/** With the service account that pods need. */
export async function newNamespace(client: Client, name: string): Promise<void> {
  await client.resource(refs.namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, {}, ctx);
  await eventually(() => client.resource(refs.accounts).fetch({ namespace: name, name: 'default' }, ctx));
}
