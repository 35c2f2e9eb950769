import type { Context } from '@kubernest/kit';
import type { PodIdentity } from '@kubernest/runtime/contract';
import type { Pod } from '../types.ts';
import { admitPod } from './admit.ts';
import { GRACE_ANNOTATION } from './container-config.ts';
import type { NodeParts } from './node-parts.ts';
import { uidOf } from './pod.ts';
import { PodWorker } from './pod-worker.ts';
import type { WorkerHost } from './worker-host.ts';

/** One worker for each pod of this node, by uid; pods that only the runtime remembers get one that ends them. */
export class PodWorkers {
  readonly #workers = new Map<string, PodWorker>();
  /** Pods that the API still shows. */
  readonly #shown = new Set<string>();
  /** Pods that have been taken away though the API, as the watch tells it, still shows them: that is old news. */
  readonly #over = new Set<string>();
  #ready = false;
  readonly #host: WorkerHost = {
    admit: (pod) => admitPod(pod, this.#holders, this.parts.allocatable()),
    removed: (uid) => {
      this.#workers.delete(uid);
      if (this.#shown.has(uid)) this.#over.add(uid);
      // Something may have come while it was at its last.
      this.wake(uid);
    },
  };

  constructor(
    private readonly parts: NodeParts,
    private readonly ctx: Context,
  ) {}

  get pods(): readonly Pod[] {
    return [...this.#workers.values()].map((w) => w.pod);
  }

  get #holders(): readonly Pod[] {
    return [...this.#workers.values()].filter((w) => w.holds).map((w) => w.pod);
  }

  find(namespace: string, name: string): Pod | undefined {
    return this.pods.find((p) => p.metadata.namespace === namespace && p.metadata.name === name);
  }

  has(uid: string): boolean {
    return this.#workers.has(uid);
  }

  /** Runtime and pods are known: from now on workers may act. */
  begin(): void {
    this.#ready = true;
    this.endStrays();
    for (const worker of this.#workers.values()) worker.wake();
  }

  changed(pod: Pod | undefined, old: Pod | undefined): void {
    const uid = uidOf((pod ?? old) as Pod);
    if (pod) this.#shown.add(uid);
    else this.#shown.delete(uid);
    const worker = this.#workers.get(uid);
    if (worker) worker.update(pod);
    else if (pod && !this.#over.has(uid)) this.#add(pod);
    if (!pod) this.#over.delete(uid);
  }

  wake(uid: string): void {
    if (!this.#ready) return;
    const worker = this.#workers.get(uid);
    if (worker) worker.wake();
    else this.#endStray(uid);
  }

  objectsChanged(uid: string): void {
    if (this.#ready) this.#workers.get(uid)?.objectsChanged();
  }

  /** Ends what the runtime holds of pods that the node has not. */
  endStrays(): void {
    for (const uid of this.parts.view.uids()) if (!this.#workers.has(uid)) this.#endStray(uid);
  }

  #add(pod: Pod): PodWorker {
    const worker = new PodWorker(pod, this.parts, this.ctx, this.#host);
    this.#workers.set(uidOf(pod), worker);
    if (this.#ready) worker.wake();
    return worker;
  }

  #endStray(uid: string): void {
    const { containers, sandboxes } = this.parts.view.pod(uid);
    const identity = (containers[0] ?? sandboxes[0])?.pod;
    if (!identity) return;
    const grace = containers.find((c) => c.annotations[GRACE_ANNOTATION])?.annotations[GRACE_ANNOTATION] ?? 30;
    this.#add(ghostOf(identity, Number(grace))).update(undefined);
  }
}

/** Enough of a pod to end what is left of it. */
function ghostOf(identity: PodIdentity, graceSeconds: number): Pod {
  const { uid, name, namespace } = identity;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { uid, name, namespace },
    spec: { containers: [], terminationGracePeriodSeconds: graceSeconds },
  };
}
