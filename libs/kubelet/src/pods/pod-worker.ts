import { mkdir } from 'node:fs/promises';
import { type Context, isAborted, messageOf } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import type { ContainerState, SandboxState } from '@kubernest/runtime/contract';
import { rememberedVerdicts } from '../probes/probe.ts';
import { Prober } from '../probes/prober.ts';
import { statusPatch } from '../status/status-patch.ts';
import { PODS, type Pod } from '../types.ts';
import { type MountedVolumes, removePodDir, setUpVolumes, VolumeError } from '../volumes/pod-volumes.ts';
import type { DownwardFacts } from './downward.ts';
import { unhonouredFields } from './honoured.ts';
import { readMessages } from './messages.ts';
import type { NodeParts } from './node-parts.ts';
import { type PodAction, type PodPlan, planPod, type StopOrder } from './plan.ts';
import { containersOf, gracePeriodOf, identityOf, isTerminal, podLabel, uidOf } from './pod.ts';
import { PodActions } from './pod-actions.ts';
import { PodMemory } from './pod-memory.ts';
import { currentStatus } from './pod-report.ts';
import { instancesOf, liveSandbox } from './pod-runtime.ts';

export type Verdict = { readonly reason: string; readonly message: string };

/**
 * Brings one pod to where it should be and keeps it there. Serial: it looks, plans, acts and looks again until there is nothing to do,
 * then sleeps until something is said to have changed. `removed` is called when nothing of the pod is left.
 */
export class PodWorker {
  readonly memory = new PodMemory();
  readonly messages = new Map<string, string>();
  #pod: Pod;
  /** The API no longer knows it. */
  #gone = false;
  #verdict: Verdict | undefined;
  #volumes: MountedVolumes | undefined;
  #ips: { readonly sandboxId: string; readonly ips: readonly string[] } | undefined;
  #dirty = false;
  #busy = false;
  #failures = 0;
  #finished = false;
  #cancelTimer = (): void => {};
  #interrupt = new AbortController();
  #said = new Set<string>();
  readonly #actions: PodActions;
  readonly #createdAt: Date;

  constructor(
    pod: Pod,
    private readonly parts: NodeParts,
    private readonly ctx: Context,
    private readonly removed: (uid: string) => void,
  ) {
    this.#pod = pod;
    this.#createdAt = ctx.clock.now();
    this.#actions = new PodActions(this, parts);
  }

  get pod(): Pod {
    return this.#pod;
  }

  get podIPs(): readonly string[] {
    if (this.#pod.spec?.hostNetwork) return this.parts.hostIPs;
    return this.#ips?.ips ?? (this.#pod.status?.podIPs ?? []).flatMap((p) => (p.ip ? [p.ip] : []));
  }

  get facts(): DownwardFacts {
    const { nodeName, hostIPs } = this.parts;
    return { pod: this.#pod, nodeName, hostIPs, podIPs: this.podIPs, allocatable: this.parts.allocatable() };
  }

  /** A newer version of the pod, or the news that the API has it no more. */
  update(pod: Pod | undefined): void {
    const before = this.#stopOrder();
    if (pod) this.#pod = pod;
    else this.#gone = true;
    const after = this.#stopOrder();
    // What may take long is broken off when the pod must end, or end sooner.
    if (after && (!before || after.graceSeconds < before.graceSeconds))
      this.#interrupt.abort(new DOMException('the pod is being stopped', 'AbortError'));
    this.wake();
  }

  /** Something that the pod's volumes or variables are made of has changed. */
  objectsChanged(): void {
    this.memory.releaseHolds();
    if (this.#volumes) this.#volumes = { ...this.#volumes, refreshAt: 0 };
    this.wake();
  }

  wake(): void {
    this.#dirty = true;
    if (this.#busy || this.ctx.signal.aborted || this.#finished) return;
    this.#busy = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (this.#dirty && !this.ctx.signal.aborted && !this.#finished) {
      this.#dirty = false;
      this.#cancelTimer();
      if (this.#interrupt.signal.aborted) this.#interrupt = new AbortController();
      try {
        await this.#sync();
        this.#failures = 0;
      } catch (error) {
        if (this.ctx.signal.aborted) break;
        if (this.#interrupt.signal.aborted && isAborted(error)) {
          this.#dirty = true;
          continue;
        }
        const delay = Math.min(10_000, 250 * 2 ** this.#failures++);
        this.ctx.log.warn('a pod could not be brought to where it should be; trying again', {
          pod: podLabel(this.#pod),
          error: messageOf(error),
        });
        this.#wakeAt(+this.ctx.clock.now() + delay);
      }
    }
    this.#busy = false;
  }

  #wakeAt(time: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.ctx.clock.after(Math.max(0, time - +this.ctx.clock.now()), () => this.wake());
  }

  #stopOrder(): StopOrder | undefined {
    const deleting = this.#gone || this.#pod.metadata.deletionTimestamp !== undefined;
    if (!deleting && !this.#verdict) return undefined;
    return { graceSeconds: gracePeriodOf(this.#pod), reason: deleting ? 'Deleted' : (this.#verdict?.reason ?? '') };
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
    this.#judge();
    for (const name of this.memory.settlePullHolds((n) => this.#imageOf(n))) {
      const events = this.parts.events.ofPod(this.#pod, `spec.containers{${name}}`);
      events.normal('BackOff', `Back-off pulling image "${this.#imageOf(name)}"`);
      events.warning('Failed', 'Error: ImagePullBackOff');
    }
    if (!this.#stopOrder() && !isTerminal(this.#pod)) await this.#adoptNetwork();
    let plan = this.#plan();
    for (let rounds = 0; plan.actions.length > 0 && rounds < 100; rounds++) {
      this.#probe();
      await this.#perform(plan.actions);
      // Something ended meanwhile or the pod changed: the rest of an old plan is worth nothing.
      plan = this.#plan();
    }
    this.#probe();
    await this.#refreshVolumes();
    this.#sayBackOff(plan);
    await this.publish(plan);
    if (plan.finished && this.#stopOrder() && (this.#gone || this.#pod.metadata.deletionTimestamp))
      return this.#tearDown();
    if (plan.finished) this.memory.stopProbing();
    const times = [plan.wakeAt, this.#deadline(), plan.finished ? undefined : this.#volumes?.refreshAt].filter(
      (t) => t !== undefined,
    );
    if (times.length > 0) this.#wakeAt(Math.min(...times));
  }

  #imageOf = (name: string): string =>
    containersOf(this.#pod).find((e) => e.container.name === name)?.container.image ?? '';

  /** Ends pods that this node cannot or may no longer run. */
  #judge(): void {
    if (this.#verdict || this.#gone || isTerminal(this.#pod)) return;
    const events = this.parts.events.ofPod(this.#pod);
    const fields = unhonouredFields(this.#pod);
    if (fields.length > 0) {
      const message = `this node does not support ${fields.join(', ')}`;
      this.#verdict = { reason: 'UnsupportedPodField', message: `Pod was rejected: ${message}` };
      return events.warning('UnsupportedPodField', message);
    }
    const deadline = this.#deadline();
    if (deadline !== undefined && deadline <= +this.ctx.clock.now()) {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.#verdict = { reason: 'DeadlineExceeded', message };
      events.normal('DeadlineExceeded', message);
    }
  }

  #deadline(): number | undefined {
    const seconds = this.#pod.spec?.activeDeadlineSeconds;
    if (seconds === undefined || this.#verdict || isTerminal(this.#pod)) return undefined;
    const start = this.#pod.status?.startTime;
    return (start ? +new Date(start) : +this.#createdAt) + seconds * 1000;
  }

  async #perform(actions: readonly PodAction[]): Promise<void> {
    const ctx: Context = { ...this.ctx, signal: AbortSignal.any([this.ctx.signal, this.#interrupt.signal]) };
    for (const action of actions) {
      if (action.do === 'start-sandbox' && !(await this.#ensureVolumes(ctx))) return;
      if (!(await this.#actions.perform(action, this.ctx, ctx))) return;
      // A container that takes its time must not hide those before it.
      if (action.do === 'start-container') await this.publish(this.#plan());
      this.#probe();
      if (this.#interrupt.signal.aborted) return;
    }
  }

  async #adoptNetwork(): Promise<void> {
    const sandbox = liveSandbox(this.parts.view.pod(uidOf(this.#pod)));
    if (!sandbox || this.#pod.spec?.hostNetwork || this.#ips?.sandboxId === sandbox.id) return;
    await this.attachNetwork(sandbox);
  }

  async attachNetwork(sandbox: SandboxState): Promise<void> {
    if (this.#pod.spec?.hostNetwork) return;
    const request = {
      sandboxId: sandbox.id,
      pod: identityOf(this.#pod),
      netns: sandbox.netns,
      hostPorts: this.#actions.hostPorts(),
    };
    const { ips } = await this.parts.network.attach(request, this.ctx);
    this.#ips = { sandboxId: sandbox.id, ips };
  }

  networkGone(): void {
    this.#ips = undefined;
  }

  async #ensureVolumes(ctx: Context): Promise<boolean> {
    const dir = this.parts.podDir(uidOf(this.#pod));
    try {
      await mkdir(dir, { recursive: true, mode: 0o750 });
      this.#volumes = await setUpVolumes(this.#pod, dir, { ...this.parts, facts: this.facts }, ctx);
      return true;
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      this.parts.events.ofPod(this.#pod).warning('FailedMount', error.message);
      this.memory.hold('', { reason: 'ContainerCreating' }, +this.ctx.clock.now());
      return false;
    }
  }

  async volumes(ctx: Context): Promise<MountedVolumes> {
    if (!this.#volumes && !(await this.#ensureVolumes(ctx))) throw new Error('volumes are not ready');
    return this.#volumes ?? { paths: new Map(), refreshAt: undefined };
  }

  async #refreshVolumes(): Promise<void> {
    if (this.#stopOrder() || isTerminal(this.#pod) || !liveSandbox(this.parts.view.pod(uidOf(this.#pod)))) return;
    // An agent that found the pod running sets up what it had, which finds it there and writes nothing.
    if (this.#volumes && (this.#volumes.refreshAt ?? Infinity) > +this.ctx.clock.now()) return;
    if (!(await this.#ensureVolumes(this.ctx)) && this.#volumes)
      this.#volumes = { ...this.#volumes, refreshAt: +this.ctx.clock.now() + 60_000 };
  }

  /** One prober for each running container; none when the pod is being stopped. */
  #probe(): void {
    const running = this.#stopOrder()
      ? []
      : this.parts.view.pod(uidOf(this.#pod)).containers.filter((c) => c.state === 'running');
    this.memory.stopProbing((id) => running.some((c) => c.id === id));
    for (const state of running) if (!this.memory.probers.has(state.id)) this.#beginProbing(state);
  }

  #beginProbing(state: ContainerState): void {
    const entry = containersOf(this.#pod).find((e) => e.container.name === state.name);
    if (!entry) return;
    const statuses = [
      ...(this.#pod.status?.containerStatuses ?? []),
      ...(this.#pod.status?.initContainerStatuses ?? []),
    ];
    const remembered = rememberedVerdicts(
      statuses.find((s) => s.name === state.name),
      `${this.parts.runtime.name}://${state.id}`,
    );
    const events = this.parts.events.ofPod(
      this.#pod,
      `spec.${entry.kind === 'init' ? 'initContainers' : 'containers'}{${state.name}}`,
    );
    const target = {
      container: entry.container,
      containerId: state.id,
      startedAt: state.startedAt ?? state.createdAt,
      podIP: this.podIPs[0] ?? '127.0.0.1',
      events,
      remembered,
    };
    this.memory.probers.set(state.id, new Prober(target, this.parts.runtime, this.ctx, () => this.wake()));
  }

  #sayBackOff(plan: PodPlan): void {
    for (const [name, waiting] of plan.waiting) {
      if (waiting.reason !== 'CrashLoopBackOff') continue;
      const latest = instancesOf(this.parts.view.pod(uidOf(this.#pod)), name)[0];
      if (!latest || this.#said.has(latest.id)) continue;
      this.#said.add(latest.id);
      this.parts.events
        .ofPod(this.#pod, `spec.containers{${name}}`)
        .warning('BackOff', `Back-off restarting failed container ${name} in pod ${podLabel(this.#pod)}`);
    }
  }

  /** Writes the status if it differs from what the API has. */
  async publish(plan: PodPlan): Promise<void> {
    if (this.#gone) return;
    await readMessages(this, this.parts);
    const status = currentStatus(this, plan, this.#verdict, this.#createdAt, this.parts, this.ctx);
    const patch = statusPatch(this.#pod.status, status);
    if (!patch) return;
    const { name = '', namespace, uid = '' } = this.#pod.metadata;
    try {
      const body = { metadata: { uid }, status: patch };
      const answer = await this.parts.client
        .resource<Pod>(PODS)
        .patch({ namespace, name }, { type: 'strategic', body, subresource: 'status' }, {}, this.ctx);
      if (answer.metadata.uid === uid) this.#pod = answer;
    } catch (error) {
      if (isNotFound(error)) this.#gone = true;
      else throw error;
    }
  }

  async #tearDown(): Promise<void> {
    this.memory.stopProbing();
    await this.#actions.tearDown(this.#gone, this.ctx);
    const uid = uidOf(this.#pod);
    await removePodDir(this.parts.podDir(uid), this.parts, this.ctx);
    await this.parts.links.removePod(identityOf(this.#pod));
    this.parts.objects.release(uid);
    this.parts.tokens.release(uid);
    this.#finished = true;
    this.#cancelTimer();
    this.removed(uid);
  }
}
