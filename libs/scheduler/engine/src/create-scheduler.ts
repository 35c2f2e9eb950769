import { type Context, isAborted, Metrics, messageOf } from '@kubernest/kit';
import { isConflict, isNotFound, type Steps, TURN_MS } from '@kubernest/meta';
import { ClusterState, isFinished } from './cluster-state.ts';
import { type Decision, decide, explainMisfits, type NodeMisfit } from './decide.ts';
import { companyDiffers, schedulingFactsDiffer, specDiffers } from './differences.ts';
import type { NodeObject, NodeView, PodObject } from './plugin.ts';
import { ask } from './plugin-fault.ts';
import { PodQueue } from './pod-queue.ts';
import { reportUnschedulable } from './report.ts';
import { reserveAll } from './reservation.ts';
import { type Attempt, SchedulerMetrics } from './scheduler-metrics.ts';
import type { Scheduler, SchedulerParts } from './scheduler-parts.ts';
import type { Attempted, Placing, Underway } from './underway.ts';

export const podsRef = { group: '', version: 'v1', resource: 'pods' } as const;
const namespacesRef = { group: '', version: 'v1', resource: 'namespaces' } as const;
export const nodesRef = { group: '', version: 'v1', resource: 'nodes' } as const;

/** Bindings under way at once: enough to fill the store's group commits. */
const bindingsAtOnce = 64;
/** So many decisions at most, and `TURN_MS`, after which others get the event loop: in the middle of one if it takes long. */
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
  readonly #metrics: SchedulerMetrics;
  readonly #unsubscribes: (() => void)[] = [];
  #turn = 0;
  #underway: Underway | undefined;
  #binding = 0;
  #wake: () => void = () => {};

  constructor(
    private readonly parts: SchedulerParts,
    private readonly reasons: Map<string, readonly NodeMisfit[]>,
    private readonly ctx: Context,
  ) {
    this.#queue = new PodQueue(ctx.clock, () => this.#wake());
    this.#metrics = new SchedulerMetrics(parts.metrics ?? new Metrics(), parts.schedulerName, ctx.clock);
    this.#metrics.pending(() => this.#queue.pending);
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
      this.#drop(uid);
      this.reasons.delete(uid);
      if (!old?.spec?.nodeName) this.#queue.changed('pod-added');
      if (isFinished(pod) && old?.status?.phase !== pod.status?.phase) this.#queue.changed('pod-deleted');
      else if (old && companyDiffers(pod, old)) this.#queue.changed('pod-changed');
      return;
    }
    if (!this.#isOurs(pod)) return this.#drop(uid);
    if (old && !specDiffers(pod, old)) return this.#refresh(uid, pod);
    if (this.#state.isPlaced(uid)) return;
    this.#overtake(uid);
    this.#metrics.entered(uid);
    this.#queue.push(pod);
  }

  #refresh(uid: string, pod: PodObject): void {
    this.#queue.refresh(pod);
    if (this.#underway?.pod.metadata.uid === uid) this.#underway.pod = pod;
  }

  #drop(uid: string): void {
    this.#overtake(uid);
    this.#metrics.left(uid);
    this.#queue.remove(uid);
  }

  /** Between two steps it went, got a node, or became another pod, which is in the queue: what was decided so far counts for nothing. */
  #overtake(uid: string): void {
    if (this.#underway?.pod.metadata.uid === uid) this.#underway = undefined;
  }

  #podGone(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    this.#drop(uid);
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
      await (this.#takeTurn() ? new Promise<void>((resolve) => setImmediate(resolve)) : this.#nextWake());
    }
  }

  /** Decides until the turn is over or nothing is left; true when there is more to do. */
  #takeTurn(): boolean {
    const until = this.ctx.clock.monotonic() + TURN_MS;
    for (let i = 0; i < decisionsPerTurn; i++) {
      const underway = this.#underway ?? this.#begin();
      if (!underway) return false;
      this.#underway = underway;
      while (!underway.steps.next().done) if (this.ctx.clock.monotonic() >= until) return true;
      this.#underway = undefined;
      if (this.ctx.clock.monotonic() >= until) break;
    }
    return this.#queue.size.ready > 0 && this.#binding < bindingsAtOnce;
  }

  #begin(): Underway | undefined {
    const pod = this.#binding < bindingsAtOnce ? this.#queue.pop() : undefined;
    if (!pod) return undefined;
    const attempt = this.#metrics.begin(pod.metadata.uid ?? '');
    const underway: Underway = { pod, attempt, steps: this.#schedule(pod, attempt, () => underway.pod) };
    return underway;
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
  *#schedule(pod: PodObject, attempt: Attempt, newest: () => PodObject): Steps<void> {
    try {
      const nodes = this.#state.nodes();
      const decision = yield* this.#decide(pod, nodes);
      if (!decision) return;
      attempt.decided();
      this.#apply(newest(), nodes.length, { ...decision, attempt });
    } catch (error) {
      attempt.ended('error');
      this.#failed(newest(), error);
    }
  }

  /** Undefined when the pod is not to be looked at yet. */
  *#decide(pod: PodObject, nodes: readonly NodeView[]): Steps<Decision | undefined> {
    const { plugins } = this.parts;
    for (const plugin of plugins) {
      const gate = ask(plugin, 'gate', () => plugin.gate?.(pod));
      if (!gate) continue;
      this.#queue.wait(pod, [plugin]);
      this.#own(reportUnschedulable(pod, gate, this.parts, this.ctx), pod);
      return undefined;
    }
    return yield* decide(pod, { nodes, namespaceLabels: this.#namespaceLabels }, plugins, this.#turn++);
  }

  #apply(pod: PodObject, nodeCount: number, decision: Attempted): void {
    const { attempt } = decision;
    if (!decision.fits) {
      attempt.ended('unschedulable');
      return this.#setAside(pod, nodeCount, decision);
    }
    if (!this.#state.isThere(decision.node)) return this.#queue.push(pod);
    const { plugins } = this.parts;
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
    this.#own(this.#bind(pod, node.name, { reservation, attempt }), pod);
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

  async #bind(pod: PodObject, nodeName: string, { reservation, attempt }: Placing): Promise<void> {
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
      attempt.ended('scheduled');
      this.parts.events.record(pod, {
        type: 'Normal',
        reason: 'Scheduled',
        action: 'Binding',
        message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
      });
    } catch (error) {
      reservation.undo();
      this.#state.forget(uid ?? '');
      if (this.ctx.signal.aborted || isAborted(error)) return;
      attempt.ended('error');
      if (isNotFound(error)) return; // deleted meanwhile
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
