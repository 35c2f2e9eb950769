import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ceiling } from '../ceiling/ceiling.ts';
import type { Run } from '../row.ts';
import { type ApiProcess, benchToken, spawnApi } from './api-process.ts';
import { startEtcd } from './etcd-process.ts';
import { forAll, HttpsClient } from './https.ts';
import { podManifest } from './pod.ts';

export const podsStored = 2000;
export const podName = (i: number): string => `pod-${i}`;

/** One control plane on one store, filled with 2,000 pods unless told otherwise, and the bare TLS server beside it. */
export class Subject implements AsyncDisposable {
  private constructor(
    readonly run: Run,
    readonly dir: string,
    readonly api: ApiProcess,
    readonly etcdUrl: string | undefined,
    readonly token: string,
    readonly client: HttpsClient,
    readonly ceiling: Ceiling,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async start(run: Run, { filled = true, probed = false } = {}): Promise<Subject> {
    await using owned = new AsyncDisposableStack();
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-bench-'));
    owned.defer(() => rmSync(dir, { recursive: true, force: true }));
    const etcd = run.store === 'etcd' ? await startEtcd(join(dir, 'etcd')) : undefined;
    if (etcd) owned.use(etcd.child);
    mkdirSync(join(dir, 'api'));
    const api = await spawnApi({ ...run, dir: join(dir, 'api'), etcd: etcd?.url, probed });
    owned.use(api.child);
    await api.child.message();
    const token = await benchToken(api);
    const client = new HttpsClient(api.port, { token });
    owned.defer(() => client[Symbol.dispose]());
    const pki = (name: string): string => readFileSync(join(dir, 'api/data/pki', name), 'utf8');
    const ceiling = await Ceiling.start({ cert: pki('apiserver.crt'), key: pki('apiserver.key') });
    owned.use(ceiling);
    const subject = new Subject(run, dir, api, etcd?.url, token, client, ceiling, owned.move());
    if (filled) await subject.fill();
    return subject;
  }

  async namespace(name: string): Promise<void> {
    await this.client.ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    // Its default service account must be there before the first pod is admitted.
    for (;;) {
      const account = await this.client.send('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
      if (account.status === 200) return;
    }
  }

  /** Takes back what a measurement wrote, so that the next finds as many objects as the first did. */
  async empty(namespace: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    // Again and again: creates that were still under way when the load ended may come after the first.
    for (let tries = 0; tries < 20; tries++) {
      await this.client.ask('DELETE', `${path}?gracePeriodSeconds=0`);
      const { items } = await this.client.ask<{ items: readonly unknown[] }>('GET', `${path}?limit=1`);
      if (items.length === 0) return;
      await sleep(50);
    }
    throw new Error(`the pods of ${namespace} do not go`);
  }

  /** CPU seconds of the server while `work` runs. */
  async cpuDuring<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly cpu: number }> {
    const before = this.api.child.cpuSeconds();
    const result = await work();
    return { result, cpu: this.api.child.cpuSeconds() - before };
  }

  async fill(): Promise<void> {
    await this.namespace('bench');
    await forAll(podsStored, 16, (i) =>
      this.client.ask(
        'POST',
        '/api/v1/namespaces/bench/pods',
        podManifest(podName(i), { labels: { group: `g${i % 10}` } }),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }
}
