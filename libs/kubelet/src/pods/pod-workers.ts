import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import type { PodIdentity } from '@kubernest/runtime/contract';
import type { Pod } from '../types.ts';
import { removePodDir } from '../volumes/pod-volumes.ts';
import { admitPod } from './admit.ts';
import { GRACE_ANNOTATION } from './container-config.ts';
import type { NodeParts } from './node-parts.ts';
import { uidOf } from './pod.ts';
import { PodWorker, type WorkerHost } from './pod-worker.ts';

/** One worker for each pod of this node, by uid; pods that only the runtime remembers get one that ends them. */
export class PodWorkers {
  readonly #workers = new Map<string, PodWorker>();
  #ready = false;
  readonly #host: WorkerHost = {
    admit: (pod) => admitPod(pod, this.#holders, this.parts.allocatable()),
    removed: (uid) => void this.#workers.delete(uid),
  };

  constructor(
    private readonly parts: NodeParts,
    private readonly dataDir: string,
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

  /** Runtime and pods are known: from now on workers may act. */
  begin(): void {
    this.#ready = true;
    this.#endOrphans();
    for (const worker of this.#workers.values()) worker.wake();
    this.#removeLeftovers().catch((error: unknown) =>
      this.ctx.log.warn('what pods left behind could not be removed', { error: messageOf(error) }),
    );
  }

  changed(pod: Pod | undefined, old: Pod | undefined): void {
    const uid = uidOf((pod ?? old) as Pod);
    const worker = this.#workers.get(uid);
    if (worker) worker.update(pod);
    else if (pod) this.#add(pod);
  }

  wake(uid: string): void {
    if (this.#ready) this.#workers.get(uid)?.wake();
  }

  objectsChanged(uid: string): void {
    if (this.#ready) this.#workers.get(uid)?.objectsChanged();
  }

  #add(pod: Pod): PodWorker {
    const worker = new PodWorker(pod, this.parts, this.ctx, this.#host);
    this.#workers.set(uidOf(pod), worker);
    if (this.#ready) worker.wake();
    return worker;
  }

  #endOrphans(): void {
    for (const uid of this.parts.view.uids()) {
      if (this.#workers.has(uid)) continue;
      const { containers, sandboxes } = this.parts.view.pod(uid);
      const identity = (containers[0] ?? sandboxes[0])?.pod;
      if (!identity) continue;
      const grace = Number(
        containers.find((c) => c.annotations[GRACE_ANNOTATION])?.annotations[GRACE_ANNOTATION] ?? 30,
      );
      this.#add(ghostOf(identity, grace)).update(undefined);
    }
  }

  async #removeLeftovers(): Promise<void> {
    const root = join(this.dataDir, 'pods');
    for (const uid of await readdir(root).catch(() => [])) {
      if (!this.#workers.has(uid)) await removePodDir(join(root, uid), this.parts, this.ctx);
    }
    await this.parts.cgroups?.removeOthers(new Set(this.#workers.keys()), this.ctx);
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
