import type { Client, InformerSet } from '@kubernest/client';
import { type Context, isAborted, messageOf, type Runnable } from '@kubernest/kit';
import { deepEqual, isConflict, isNotFound, type KubeObject } from '@kubernest/meta';
import { ClusterState, isFinished } from './cluster-state.ts';
import { type Decision, decide, explainMisfits, type NodeMisfit } from './decide.ts';
import type { NodeObject, PodObject, SchedulerPlugin } from './plugin.ts';
import { ask } from './plugin-fault.ts';
import { PodQueue } from './pod-queue.ts';
import { reportUnschedulable } from './report.ts';
import { type Reservation, reserveAll } from './reservation.ts';

export const podsRef = { group: '', version: 'v1', resource: 'pods' } as const;
const namespacesRef = { group: '', version: 'v1', resource: 'namespaces' } as const;
export const nodesRef = { group: '', version: 'v1', resource: 'nodes' } as const;

/** Where Events about pods go; never throws. */
export interface SchedulerEvents {
  record(
    about: KubeObject,
    event: {
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
      readonly action?: string;
    },
  ): void;
}

export interface SchedulerParts {
  readonly client: Client;
  readonly informers: InformerSet;
  readonly plugins: readonly SchedulerPlugin[];
  readonly events: SchedulerEvents;
  /** Pods that name another scheduler are not ours. */
  readonly schedulerName: string;
}

export interface Scheduler extends Runnable {
  /** Why the pod of that uid found no node at its last look: per node and plugin. Undefined when it is not waiting for one. */
  explain(uid: string): readonly NodeMisfit[] | undefined;
}

/** Bindings under way at once: enough to fill the store's group commits. */
const bindingsAtOnce = 64;
/** A stretch of decisions after which others get the event loop. */
const decisionsPerTurn = 20;

/** Gives each pod a node. Told of every change; nothing runs while nothing changes. */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const reasons = new Map<string, readonly NodeMisfit[]>();
  return {
    name: 'scheduler',
    explain: (uid) => reasons.get(uid),
    async start(ctx) {
      const run = new SchedulerRun(parts, reasons, ctx);
      return { done: run.done };
    },
  };
}

class SchedulerRun {
  readonly done: Promise<void>;
  readonly #state = new ClusterState();
  readonly #queue: PodQueue;
  readonly #unsubscribes: (() => void)[] = [];
  #turn = 0;
  #binding = 0;
  #wake: () => void = () => {};

  constructor(
    private readonly parts: SchedulerParts,
    private readonly reasons: Map<string, readonly NodeMisfit[]>,
    private readonly ctx: Context,
  ) {
    this.#queue = new PodQueue(ctx.clock, () => this.#wake());
    this.done = this.#run()
      .catch((error: unknown) => {
        if (!ctx.signal.aborted) throw error;
      })
      .finally(() => {
        for (const unsubscribe of this.#unsubscribes) unsubscribe();
      });
  }

  async #run(): Promise<void> {
    const nodes = this.parts.informers.of<NodeObject>(nodesRef);
    const pods = this.parts.informers.of<PodObject>(podsRef);
    const namespaces = this.parts.informers.of(namespacesRef);
    this.#unsubscribes.push(
      nodes.subscribe({
        added: (node) => this.#nodeSet(node, 'node-added'),
        updated: (node, old) => this.#nodeSet(node, schedulingFactsDiffer(node, old) ? 'node-changed' : undefined),
        deleted: (node) => this.#state.removeNode(node.metadata.name ?? ''),
      }),
      pods.subscribe({
        added: (pod) => this.#podSet(pod),
        updated: (pod, old) => this.#podSet(pod, old),
        deleted: (pod) => this.#podGone(pod),
      }),
    );
    await Promise.all([nodes, pods, namespaces].map((informer) => informer.whenSynced(this.ctx.signal)));
    await this.#loop();
  }

  readonly #namespaceLabels = (name: string) => this.parts.informers.of(namespacesRef).get(name)?.metadata.labels;

  #nodeSet(node: NodeObject, change: 'node-added' | 'node-changed' | undefined): void {
    this.#state.setNode(node);
    if (change) this.#queue.changed(change);
  }

  #podSet(pod: PodObject, old?: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    if (pod.spec?.nodeName) {
      this.#state.setPod(pod);
      this.#queue.remove(uid);
      this.reasons.delete(uid);
      if (!old?.spec?.nodeName) this.#queue.changed('pod-added');
      if (isFinished(pod) && old?.status?.phase !== pod.status?.phase) this.#queue.changed('pod-deleted');
      else if (old && companyDiffers(pod, old)) this.#queue.changed('pod-changed');
      return;
    }
    if (!this.#isOurs(pod)) return this.#queue.remove(uid);
    if (old && !specDiffers(pod, old)) this.#queue.refresh(pod);
    else if (!this.#state.isPlaced(uid)) this.#queue.push(pod);
  }

  #podGone(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    this.#queue.remove(uid);
    this.reasons.delete(uid);
    this.#state.removePod(uid);
    if (pod.spec?.nodeName) this.#queue.changed('pod-deleted');
  }

  #isOurs(pod: PodObject): boolean {
    return (
      !pod.metadata.deletionTimestamp && (pod.spec?.schedulerName ?? 'default-scheduler') === this.parts.schedulerName
    );
  }

  async #loop(): Promise<void> {
    while (!this.ctx.signal.aborted) {
      for (let i = 0; i < decisionsPerTurn && this.#binding < bindingsAtOnce; i++) {
        const pod = this.#queue.pop();
        if (!pod) break;
        this.#schedule(pod);
      }
      const more = this.#queue.size.ready > 0 && this.#binding < bindingsAtOnce;
      await (more ? new Promise<void>((resolve) => setImmediate(resolve)) : this.#nextWake());
    }
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(this.ctx.signal.reason);
      if (this.ctx.signal.aborted) return onAbort();
      this.ctx.signal.addEventListener('abort', onAbort, { once: true });
      this.#wake = () => {
        this.#wake = () => {};
        this.ctx.signal.removeEventListener('abort', onAbort);
        resolve();
      };
    });
  }

  /** The boundary around one pod's cycle: whatever is thrown in it sets this pod aside, and the next one is looked at. */
  #schedule(pod: PodObject): void {
    try {
      this.#cycle(pod);
    } catch (error) {
      this.#failed(pod, error);
    }
  }

  #cycle(pod: PodObject): void {
    for (const plugin of this.parts.plugins) {
      const gate = ask(plugin, 'gate', () => plugin.gate?.(pod));
      if (!gate) continue;
      this.#queue.wait(pod, [plugin]);
      this.#own(reportUnschedulable(pod, gate, this.parts, this.ctx), pod);
      return;
    }
    const nodes = this.#state.nodes();
    const { plugins } = this.parts;
    const decision = decide(pod, { nodes, namespaceLabels: this.#namespaceLabels }, plugins, this.#turn++);
    if (!decision.fits) return this.#setAside(pod, nodes.length, decision);
    const { node } = decision;
    const onFault = (error: unknown): void => this.#warn(pod, error);
    const reservation = reserveAll({ plugins, pod, node, onFault });
    try {
      this.#state.assume(pod, node.name);
    } catch (error) {
      this.#state.forget(pod.metadata.uid ?? '');
      reservation.undo();
      throw error;
    }
    this.#binding++;
    this.#own(this.#bind(pod, node.name, reservation), pod);
  }

  /** compat: a fault is told like a pod that fits nowhere, under a reason of its own; the pod is looked at again after 1 s, up to 10 s. */
  #failed(pod: PodObject, error: unknown): void {
    const message = messageOf(error);
    this.#warn(pod, error);
    this.reasons.delete(pod.metadata.uid ?? '');
    this.#queue.retryLater(pod);
    this.parts.events.record(pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message });
    this.#own(reportUnschedulable(pod, { reason: 'SchedulerError', message }, this.parts, this.ctx), pod);
  }

  #setAside(pod: PodObject, nodeCount: number, decision: Decision & { fits: false }): void {
    this.reasons.set(pod.metadata.uid ?? '', decision.misfits);
    this.#queue.wait(pod, decision.blockedBy);
    const message = explainMisfits(nodeCount, decision.misfits);
    this.parts.events.record(pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message });
    this.#own(reportUnschedulable(pod, { reason: 'Unschedulable', message }, this.parts, this.ctx), pod);
  }

  async #bind(pod: PodObject, nodeName: string, reservation: Reservation): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const key = { namespace, name: name ?? '' };
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace, name, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    };
    try {
      await this.parts.client.resource(podsRef).subresource(key, 'binding', 'POST', body as never, this.ctx);
      this.parts.events.record(pod, {
        type: 'Normal',
        reason: 'Scheduled',
        action: 'Binding',
        message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
      });
    } catch (error) {
      reservation.undo();
      this.#state.forget(uid ?? '');
      if (isNotFound(error)) return; // deleted meanwhile
      if (this.ctx.signal.aborted || isAborted(error)) return;
      if (!isConflict(error))
        this.ctx.log.warn(`could not bind ${namespace}/${name} to ${nodeName}: ${messageOf(error)}`);
      this.#queue.retryLater(pod);
    } finally {
      this.#binding--;
      this.#wake();
    }
  }

  /** Work that runs beside the loop: its faults are logged, the pod tried again by whatever changes next. */
  #own(work: Promise<void>, pod: PodObject): void {
    work.catch((error: unknown) => this.#warn(pod, error));
  }

  #warn({ metadata: { namespace, name } }: PodObject, error: unknown): void {
    if (!this.ctx.signal.aborted) this.ctx.log.warn(`scheduling ${namespace}/${name}: ${messageOf(error)}`, { error });
  }
}

/** A heartbeat changes a node's conditions' times and nothing that scheduling looks at. */
function schedulingFactsDiffer(node: NodeObject, old: NodeObject): boolean {
  const facts = (n: NodeObject): string => JSON.stringify([n.metadata.labels, n.spec, n.status?.allocatable]);
  return facts(node) !== facts(old);
}

/** What other pods look at: its labels, and whether it stays. */
function companyDiffers(pod: PodObject, old: PodObject): boolean {
  return (
    !deepEqual(pod.metadata.labels, old.metadata.labels) ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp
  );
}

function specDiffers(pod: PodObject, old: PodObject): boolean {
  return (
    pod.spec !== old.spec &&
    JSON.stringify([pod.spec, pod.metadata.labels]) !== JSON.stringify([old.spec, old.metadata.labels])
  );
}
