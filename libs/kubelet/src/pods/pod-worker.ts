import { isDeepStrictEqual } from 'node:util';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import type { Pod } from '../types.ts';
import { removePodDir } from '../volumes/pod-volumes.ts';
import type { DownwardFacts } from './downward.ts';
import { deadlineOf, evicted, judgePod, type Verdict } from './judge.ts';
import type { NodeParts } from './node-parts.ts';
import { type PodAction, type PodPlan, planPod, type StopOrder } from './plan.ts';
import { containerOf, gracePeriodOf, isTerminal, podLabel, uidOf } from './pod.ts';
import { PodActions } from './pod-actions.ts';
import { PodAddresses } from './pod-addresses.ts';
import { PodMemory } from './pod-memory.ts';
import { PodReport } from './pod-report.ts';
import { instancesOf, liveSandbox } from './pod-runtime.ts';
import { keepProbing } from './probing.ts';
import { WaitingWords } from './waiting-words.ts';
import { WorkLoop } from './work-loop.ts';
import type { WorkerHost } from './worker-host.ts';
import { WorkerVolumes } from './worker-volumes.ts';

/**
 * How often the machine is asked for an image that could not be pulled: what is present needs no pull, and so no back-off. Kubernetes does it
 * with each sync of a pod, which is as often.
 */
const LOOK_FOR_IMAGE: Milliseconds = 10_000;
/** Of acting and planning again, before the status is told. */
const MAX_ROUNDS = 100;

/**
 * Brings one pod to where it should be and keeps it there. Serial: it looks, plans, acts and looks again until there is nothing to do,
 * then sleeps until something is said to have changed.
 */
export class PodWorker {
  readonly memory = new PodMemory();
  readonly messages = new Map<string, string>();
  readonly addresses: PodAddresses;
  readonly volumes: WorkerVolumes;
  #pod: Pod;
  /** The API no longer knows it. */
  #gone = false;
  #verdict: Verdict | undefined;
  #admitted: boolean;
  /** When it was first told to stop. */
  #stopBegan: Date | undefined;
  #rests = false;
  readonly #loop: WorkLoop;
  readonly #report: PodReport;
  readonly #actions: PodActions;
  readonly #words: WaitingWords;
  readonly #firstSeen: Date;

  constructor(
    pod: Pod,
    private readonly parts: NodeParts,
    private readonly ctx: Context,
    private readonly host: WorkerHost,
  ) {
    this.#pod = pod;
    this.#admitted = pod.status?.startTime !== undefined;
    this.#firstSeen = ctx.clock.now();
    this.#loop = new WorkLoop({ sync: () => this.#sync(), failed: (error, times) => this.#failed(error, times) }, ctx);
    this.#actions = new PodActions(this, parts);
    this.#words = new WaitingWords(parts);
    this.#report = new PodReport({ worker: this, firstSeen: this.#firstSeen }, parts, ctx);
    this.addresses = new PodAddresses(parts);
    this.volumes = new WorkerVolumes(parts);
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  get gone(): boolean {
    return this.#gone;
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** It has its share of the node: taken, and not at rest. */
  get holds(): boolean {
    return this.#admitted && !this.#rests && !isTerminal(this.#pod);
  }

  get podIPs(): readonly string[] {
    return this.addresses.of(this.#pod);
  }

  get facts(): DownwardFacts {
    const { nodeName, hostIPs } = this.parts;
    return { pod: this.#pod, nodeName, hostIPs, podIPs: this.podIPs, allocatable: this.parts.allocatable() };
  }

  /** A newer version of the pod, or the news that the API has it no more. */
  update(pod: Pod | undefined): void {
    const before = this.#stopOrder();
    if (pod) this.#take(pod);
    else this.#gone = true;
    const after = this.#stopOrder();
    // What may take long is broken off when the pod must end, or end sooner.
    if (after && (!before || after.graceSeconds < before.graceSeconds))
      this.#loop.interrupt('the pod is being stopped');
    this.wake();
  }

  /** Something that the pod's volumes or variables are made of has changed. */
  objectsChanged(): void {
    this.memory.releaseHolds();
    this.volumes.outdated();
    this.wake();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** A probe's verdict is told at once: the worker may be busy for long, with a pull, a hook or a stop. */
  probed(): void {
    const plan = this.#plan();
    // That all has ended is told when the runtime has confirmed it.
    if (!plan.finished) this.#report.publish(plan).catch(() => {});
    this.wake();
  }

  #failed(error: unknown, times: number): void {
    const message = messageOf(error);
    // What passes at once need not be told.
    if (times > 0)
      this.parts.events.ofPod(this.#pod).warning('FailedSync', `Error syncing pod, trying again: ${message}`);
    this.ctx.log.warn('a pod could not be brought to where it should be; trying again', {
      pod: podLabel(this.#pod),
      error: message,
    });
  }

  /** Labels and annotations may be in files of the pod's downward volumes. */
  #take(pod: Pod): void {
    const { labels, annotations } = this.#pod.metadata;
    if (!isDeepStrictEqual([labels, annotations], [pod.metadata.labels, pod.metadata.annotations]))
      this.volumes.outdated();
    this.#pod = pod;
  }

  get #deleting(): boolean {
    return this.#gone || this.#pod.metadata.deletionTimestamp !== undefined;
  }

  #stopOrder(): StopOrder | undefined {
    if (!this.#deleting && !this.#verdict) return undefined;
    this.#stopBegan ??= this.ctx.clock.now();
    const grace = this.#deleting ? undefined : this.#verdict?.eviction?.graceSeconds;
    return { graceSeconds: grace ?? gracePeriodOf(this.#pod), began: this.#stopBegan };
  }

  #plan(): PodPlan {
    const runtime = this.parts.view.pod(uidOf(this.#pod));
    const running = (name: string) => instancesOf(runtime, name).find((c) => c.state === 'running');
    return planPod({
      pod: this.#pod,
      runtime,
      stop: this.#stopOrder(),
      memory: (name) => this.memory.of(name, running(name)),
      now: this.ctx.clock.now(),
    });
  }

  async #sync(): Promise<void> {
    await this.parts.view.confirm(uidOf(this.#pod), this.ctx);
    await this.#judge();
    this.#words.ofPulls(this.#pod, this.memory);
    if (!this.#stopOrder()) await this.#lookForImages();
    if (!this.#stopOrder() && !isTerminal(this.#pod)) {
      await this.addresses.adopt(this.#pod, this.ctx);
      await this.parts.cgroups?.ensure(this.#pod, this.ctx);
    }
    // That the node has taken it is seen at once, and costs its start nothing.
    if (!this.#pod.status?.startTime) this.#report.publish(this.#plan()).catch(() => {});
    const plan = await this.#carryOut();
    this.#probe();
    if (this.#lives) await this.volumes.refresh(this.facts, this.ctx);
    this.#words.ofCrashes(this.#pod, plan);
    await this.#report.publish(plan);
    if (plan.finished) await this.#rest();
    if (plan.finished && this.#deleting) return this.#tearDown();
    this.#sleepUntilNext(plan);
  }

  /** What was loaded by hand while a pull waits. */
  async #lookForImages(): Promise<void> {
    for (const name of this.memory.withoutImage) {
      const container = containerOf(this.#pod, name)?.container;
      if (container && (await this.parts.images.isPresent(container, this.ctx))) this.memory.imageCame(name);
    }
  }

  /** Acts until there is nothing left to do now. That all has ended is believed when the runtime itself says so. */
  async #carryOut(): Promise<PodPlan> {
    const uid = uidOf(this.#pod);
    let confirmed = this.#rests && !this.#deleting;
    for (let rounds = 0; ; rounds++) {
      await this.parts.view.confirm(uid, this.ctx);
      // Something ended meanwhile or the pod changed: the rest of an old plan is worth nothing.
      const plan = this.#plan();
      if (rounds === MAX_ROUNDS) return plan;
      if (plan.actions.length > 0) {
        this.#probe();
        await this.#perform(plan.actions);
      } else if (plan.finished && !confirmed) {
        await this.parts.view.look(uid, this.ctx);
        confirmed = true;
      } else return plan;
    }
  }

  get #lives(): boolean {
    return !this.#stopOrder() && !isTerminal(this.#pod) && !!liveSandbox(this.parts.view.pod(uidOf(this.#pod)));
  }

  #sleepUntilNext(plan: PodPlan): void {
    const deadline = this.#verdict ? undefined : deadlineOf(this.#pod, this.#firstSeen);
    const ofVolumes = plan.finished ? [] : [this.volumes.refreshAt, this.volumes.measureAt];
    const waits = !plan.finished && this.memory.withoutImage.length > 0;
    const ofImages = waits ? +this.ctx.clock.now() + LOOK_FOR_IMAGE : undefined;
    const times = [plan.wakeAt, deadline, ofImages, ...ofVolumes].filter((t) => t !== undefined);
    if (times.length > 0) this.#loop.wakeAt(Math.min(...times));
  }

  /** Ends pods that this node cannot or may no longer run. */
  async #judge(): Promise<void> {
    if (this.#verdict || this.#gone) return;
    const overfull = this.#lives ? await this.volumes.measure(this.#pod, this.ctx) : undefined;
    const found = this.#admit() ?? judgePod(this.#pod, this.#firstSeen, this.ctx.clock.now());
    this.#verdict = found ?? (overfull === undefined ? undefined : evicted(overfull));
    if (!this.#verdict) return;
    const { reason, event } = this.#verdict;
    this.parts.events.ofPod(this.#pod)[event.type === 'Normal' ? 'normal' : 'warning'](reason, event.message);
  }

  /** Asked until it is taken: what the node has taken it keeps, also across a restart. */
  #admit(): Verdict | undefined {
    if (this.#admitted || this.#deleting || isTerminal(this.#pod)) return undefined;
    const refusal = this.host.admit(this.#pod);
    this.#admitted = refusal === undefined;
    return refusal;
  }

  async #perform(actions: readonly PodAction[]): Promise<void> {
    const untilStop: Context = { ...this.ctx, signal: AbortSignal.any([this.ctx.signal, this.#loop.interrupted]) };
    for (const action of actions) {
      if (!(await this.#actions.perform(action, this.ctx, untilStop))) return;
      await this.parts.view.confirm(uidOf(this.#pod), this.ctx);
      // A container that takes its time must not hide those before it.
      if (action.do === 'start-container') await this.#report.publish(this.#plan());
      this.#probe();
      if (this.#loop.interrupted.aborted) return;
    }
  }

  #probe(): void {
    keepProbing(this, this.#stopOrder() !== undefined, this.parts, this.ctx);
  }

  /** The status of `asked` was written. */
  written(asked: Pod, answer: Pod | 'gone'): void {
    if (answer === 'gone') this.#gone = true;
    // What the watch brought meanwhile is newer than the answer.
    else if (this.#pod === asked) this.#take(answer);
  }

  /** Nothing runs and nothing will. */
  async #rest(): Promise<void> {
    this.#rests = true;
    this.memory.stopProbing();
    await this.parts.cgroups?.remove(uidOf(this.#pod), this.ctx);
  }

  async #tearDown(): Promise<void> {
    await this.#actions.tearDown(this.#gone, this.ctx);
    const uid = uidOf(this.#pod);
    // What was started late has made it again.
    await this.parts.cgroups?.remove(uid, this.ctx);
    await this.parts.links.removePod(uid);
    // The last to go: while it is there, an agent that comes later knows that something of the pod may be left.
    await removePodDir(this.parts.podDir(uid), this.parts, this.ctx);
    this.parts.objects.release(uid);
    this.parts.tokens.release(uid);
    this.#loop.end();
    this.host.removed(uid);
  }
}
