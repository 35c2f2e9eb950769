import type { Node } from '@kubernest/api-types/core/v1';
import type { Client, InformerSet } from '@kubernest/client';
import { Backoff, type Context, type Milliseconds, messageOf, type Runnable, whenAborted } from '@kubernest/kit';
import {
  isAlreadyExists,
  isConflict,
  isNotFound,
  type Json,
  type KubeObject,
  wireMicroTime,
  wireTime,
} from '@kubernest/meta';
import { keepRenewing, type Renewing } from './keep-renewing.ts';
import { isReady, nextStep, type PodObject } from './life.ts';
import { hollowAddress, hollowNode, nodeLease, nodeLeaseNamespace } from './node-objects.ts';

export interface HollowNodesOptions {
  readonly client: Client;
  readonly informers: InformerSet;
  readonly count: number;
  /** Nodes are called `<prefix>-0`, `<prefix>-1`, … */
  readonly prefix: string;
  /** Reported as the kubelet's version. */
  readonly version: string;
}

const podsRef = { group: '', version: 'v1', resource: 'pods' } as const;
const nodesRef = { group: '', version: 'v1', resource: 'nodes' } as const;
const leasesRef = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' } as const;

const leaseSeconds = 40;
/** Well inside the lease, and seldom: a thousand nodes are forty writes a second. */
const renewEvery: Milliseconds = 25_000;
/** With the round before it still inside the lease. */
const failedAgainAfter: Milliseconds = 5_000;
const writesAtOnce = 32;
/** A timer counts no further than 24 days. */
const longestWait: Milliseconds = 2 ** 31 - 1;

/** Simulated nodes: they register, keep their leases, and live their pods' lives as a table says. One informer for all of them. */
export function hollowNodes(options: HollowNodesOptions): Runnable {
  return {
    name: 'hollow',
    async start(ctx) {
      const nodes = new HollowNodes(options, ctx);
      await nodes.register();
      return { done: nodes.run() };
    },
  };
}

class HollowNodes {
  readonly #names: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #waiting = new Map<string, PodObject>();
  readonly #working = new Set<string>();
  readonly #backoff = new Backoff({ initial: 200, max: 30_000 });
  /** What ends the wait for a pod's own end, by its uid. */
  readonly #waits = new Map<string, () => void>();
  readonly #renewing: Renewing = {
    every: renewEvery,
    againAfter: failedAgainAfter,
    atOnce: writesAtOnce,
    renew: (name) => this.#renew(name),
    failed: (name, error) => {
      if (!this.ctx.signal.aborted) this.ctx.log.warn(`could not renew the lease of ${name}: ${messageOf(error)}`);
    },
  };
  #podNumber = 0;

  constructor(
    private readonly options: HollowNodesOptions,
    private readonly ctx: Context,
  ) {
    this.#names = Array.from({ length: options.count }, (_, i) => `${options.prefix}-${i}`);
    this.#index = new Map(this.#names.map((name, i) => [name, i]));
  }

  async register(): Promise<void> {
    await this.#forAll(this.#names, async (name) => {
      await this.options.client
        .resource(nodesRef)
        .create(this.#node(name), {}, this.ctx)
        .catch(ignore(isAlreadyExists));
      // Status is a subresource: what came with the object may not have been taken, and a Node of before tells old news.
      await this.#report(name);
    });
  }

  async run(): Promise<void> {
    const pods = this.options.informers.of<PodObject>(podsRef);
    const unsubscribe = pods.subscribe({
      added: (pod) => this.#look(pod),
      updated: (pod) => this.#look(pod),
      deleted: (pod) => this.#forget(pod),
    });
    const nodes = this.options.informers.of<Node & KubeObject>(nodesRef);
    const leave = nodes.subscribe({ added: (node) => this.#findAgain(node), updated: (node) => this.#findAgain(node) });
    try {
      await Promise.all([keepRenewing(this.#names, this.#renewing, this.ctx), whenAborted(this.ctx.signal)]);
    } catch (error) {
      if (!this.ctx.signal.aborted) throw error;
    } finally {
      unsubscribe();
      leave();
    }
  }

  /** Given up for lost while this process was held up: it is there. */
  #findAgain(node: Node & KubeObject): void {
    const { name = '' } = node.metadata;
    if (!this.#index.has(name) || isReady(node.status)) return;
    void this.#report(name).then(
      () => this.#backoff.forget(name),
      (error: unknown) => {
        if (isNotFound(error) || this.ctx.signal.aborted) return;
        this.ctx.log.warn(`could not report on ${name}: ${messageOf(error)}`);
        this.ctx.clock.after(this.#backoff.next(name), () => this.#findAgain(node));
      },
    );
  }

  async #report(name: string): Promise<void> {
    const body = { status: this.#node(name).status as Json };
    const patch = { type: 'merge', body, subresource: 'status' } as const;
    await this.options.client.resource(nodesRef).patch({ name }, patch, {}, this.ctx);
    await this.#renew(name);
  }

  #node(name: string): Node & KubeObject {
    return hollowNode(name, hollowAddress(this.#index.get(name)!, 'node'), this.options.version, this.#now());
  }

  async #renew(name: string): Promise<void> {
    const leases = this.options.client.resource(leasesRef);
    const renewTime = wireMicroTime(this.ctx.clock.now());
    const patch = { type: 'merge', body: { spec: { renewTime } } } as const;
    try {
      await leases.patch({ namespace: nodeLeaseNamespace, name }, patch, {}, this.ctx);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await leases
        .create(nodeLease(name, leaseSeconds, renewTime) as KubeObject, {}, this.ctx)
        .catch(ignore(isAlreadyExists));
    }
  }

  #look(pod: PodObject): void {
    if (!this.#index.has(pod.spec?.nodeName ?? '')) return;
    this.#waiting.set(pod.metadata.uid ?? '', pod);
    this.#pump();
  }

  #forget(pod: PodObject): void {
    this.#waiting.delete(pod.metadata.uid ?? '');
    this.#backoff.forget(pod.metadata.uid ?? '');
    this.#waitFor(pod, undefined);
  }

  #waitFor(pod: PodObject, until: Date | undefined): void {
    const { uid = '' } = pod.metadata;
    this.#waits.get(uid)?.();
    this.#waits.delete(uid);
    if (!until) return;
    const left = Math.min(+until - +this.ctx.clock.now(), longestWait);
    this.#waits.set(
      uid,
      this.ctx.clock.after(left, () => this.#look(pod)),
    );
  }

  /** Each pod's steps in order, different pods at once. */
  #pump(): void {
    for (const [uid, pod] of this.#waiting) {
      if (this.#working.size >= writesAtOnce) return;
      if (this.#working.has(uid)) continue;
      this.#waiting.delete(uid);
      this.#working.add(uid);
      void this.#act(uid, pod).finally(() => {
        this.#working.delete(uid);
        this.#pump();
      });
    }
  }

  async #act(uid: string, pod: PodObject): Promise<void> {
    const { namespace, name } = pod.metadata;
    const key = { namespace, name: name ?? '' };
    const pods = this.options.client.resource(podsRef);
    try {
      const facts = {
        hostIP: hollowAddress(this.#index.get(pod.spec?.nodeName ?? '') ?? 0, 'node'),
        podIP: hollowAddress(this.#podNumber++, 'pod'),
        now: this.#now(),
      };
      const step = nextStep(pod, facts);
      this.#waitFor(pod, step.do === 'nothing' ? step.until : undefined);
      if (step.do === 'remove') await pods.delete(key, { gracePeriodSeconds: 0, preconditions: { uid } }, this.ctx);
      else if (step.do === 'report') {
        // Whoever was faster may have set a condition; what he made of it comes next.
        const { resourceVersion = '' } = pod.metadata;
        const body = { metadata: { uid, resourceVersion }, status: step.status as never };
        await pods.patch(key, { type: 'merge', body, subresource: 'status' }, {}, this.ctx);
      }
      this.#backoff.forget(uid);
    } catch (error) {
      if (isNotFound(error) || isConflict(error) || this.ctx.signal.aborted) return; // gone, changed, or another of that name
      this.ctx.log.warn(`could not report on ${namespace}/${name}: ${messageOf(error)}`);
      this.ctx.clock.after(this.#backoff.next(uid), () => this.#look(pod));
    }
  }

  async #forAll(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
    const waiting = [...names];
    const worker = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await act(name);
    };
    await Promise.all(Array.from({ length: Math.min(writesAtOnce, names.length) }, worker));
  }

  #now(): string {
    return wireTime(this.ctx.clock.now());
  }
}

const ignore =
  (expected: (error: unknown) => boolean) =>
  (error: unknown): void => {
    if (!expected(error)) throw error;
  };
