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
  #api: ApiProcess;
  #client: HttpsClient;

  private constructor(
    readonly run: Run,
    readonly dir: string,
    api: ApiProcess,
    readonly etcdUrl: string | undefined,
    readonly token: string,
    readonly ceiling: Ceiling,
    private readonly owned: AsyncDisposableStack,
  ) {
    this.#api = api;
    this.#client = new HttpsClient(api.port, { token });
  }

  get api(): ApiProcess {
    return this.#api;
  }

  get client(): HttpsClient {
    return this.#client;
  }

  static async start(run: Run, { filled = true, probed = false } = {}): Promise<Subject> {
    await using owned = new AsyncDisposableStack();
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-bench-'));
    owned.defer(() => rmSync(dir, { recursive: true, force: true }));
    const etcd = run.store === 'etcd' ? await startEtcd(join(dir, 'etcd')) : undefined;
    if (etcd) owned.use(etcd.child);
    mkdirSync(join(dir, 'api'));
    const api = await spawnApi({ ...run, dir: join(dir, 'api'), etcd: etcd?.url, probed });
    // Handed over below: by then another process may have taken its place.
    const first = owned.use(new AsyncDisposableStack());
    first.use(api.child);
    await api.child.message();
    const token = await benchToken(api);
    const pki = (name: string): string => readFileSync(join(dir, 'api/data/pki', name), 'utf8');
    const ceiling = await Ceiling.start({ cert: pki('apiserver.crt'), key: pki('apiserver.key') });
    owned.use(ceiling);
    first.move();
    const subject = new Subject(run, dir, api, etcd?.url, token, ceiling, owned.move());
    if (filled) await subject.fill();
    return subject;
  }

  /** Ends the control plane and starts it again on what it has stored; milliseconds from its spawn until it is ready. */
  async restarted(): Promise<number> {
    await this.#end();
    const begun = performance.now();
    this.#api = await spawnApi({ ...this.run, dir: join(this.dir, 'api'), etcd: this.etcdUrl });
    this.#client = new HttpsClient(this.#api.port, { token: this.token });
    await this.#api.child.message();
    return performance.now() - begun;
  }

  /** Resolves once `path` answers with a success. */
  async served(path: string): Promise<void> {
    for (const until = Date.now() + 30_000; Date.now() < until; await sleep(2)) {
      if ((await this.client.send('GET', path)).status === 200) return;
    }
    throw new Error(`${path} is not served within thirty seconds`);
  }

  async #end(): Promise<void> {
    this.#client[Symbol.dispose]();
    await this.#api.child[Symbol.asyncDispose]();
  }

  async namespace(name: string): Promise<void> {
    await this.client.ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    // Its default service account must be there before the first pod is admitted.
    for (;;) {
      const account = await this.client.send('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`);
      if (account.status === 200) return;
    }
  }

  /** Takes back what a measurement wrote into a collection, so that the next finds as many objects as the first did. */
  async empty(path: string): Promise<void> {
    // Again and again: creates that were still under way when the load ended may come after the first.
    for (let tries = 0; tries < 20; tries++) {
      await this.client.ask('DELETE', `${path}?gracePeriodSeconds=0`);
      const { items } = await this.client.ask<{ items: readonly unknown[] }>('GET', `${path}?limit=1`);
      if (items.length === 0) return;
      await sleep(50);
    }
    throw new Error(`the objects of ${path} do not go`);
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
    await this.#end();
    await this.owned.disposeAsync();
  }
}
