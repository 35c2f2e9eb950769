import { type Context, isAborted, type Milliseconds, messageOf } from '@kubernest/kit';
import { isConflict, isNotFound } from '@kubernest/meta';
import type { SandboxConfig, SandboxState } from '@kubernest/runtime/contract';
import { hostnameOf } from '../network/hosts-file.ts';
import { PODS, type Pod } from '../types.ts';
import type { DownwardFacts } from './downward.ts';
import { runHook } from './hooks.ts';
import type { NodeParts } from './node-parts.ts';
import { type ContainerStop, LEAST_GRACE_SECONDS, type PodAction } from './plan.ts';
import { containerOf, identityOf, type PodContainer, uidOf } from './pod.ts';
import type { PodAddresses } from './pod-addresses.ts';
import type { PodMemory } from './pod-memory.ts';
import { emptyRuntime, instancesOf, liveSandbox } from './pod-runtime.ts';
import { StartFailure, startContainer } from './start-container.ts';
import type { WorkerVolumes } from './worker-volumes.ts';

/** What actions need of the worker they act for. */
export interface ActingFor {
  readonly pod: Pod;
  readonly memory: PodMemory;
  readonly podIPs: readonly string[];
  readonly facts: DownwardFacts;
  readonly addresses: PodAddresses;
  readonly volumes: WorkerVolumes;
  wake(): void;
}

/** Does what a plan says, one step at a time. */
export class PodActions {
  /** Containers whose stop has begun with their preStop hook, until it is done. */
  readonly #stopping = new Map<string, { readonly run: Promise<void>; readonly signal: AbortSignal }>();

  constructor(
    private readonly worker: ActingFor,
    private readonly parts: NodeParts,
  ) {}

  /**
   * Returns false when the rest of the plan must wait. `untilStop` may be aborted early when the pod must stop: only what waits hangs on it.
   * What makes or ends something hangs on `ctx`, which ends with the agent: its outcome is waited for.
   */
  async perform(action: PodAction, ctx: Context, untilStop: Context): Promise<boolean> {
    const { view } = this.parts;
    switch (action.do) {
      case 'start-sandbox':
        return this.#startSandbox(action.attempt, ctx, untilStop);
      case 'start-container':
        return this.#startContainer(action, ctx, untilStop);
      case 'stop-containers':
        for (const stop of action.later ?? []) this.#beginStop(stop, untilStop).catch(() => {});
        await allDone(action.stops.map((stop) => this.#stop(stop, untilStop)));
        return true;
      case 'stop-sandbox':
        await this.#stopSandbox(action.id, ctx);
        return true;
      case 'remove-sandbox':
        await this.#removeSandbox(action.id, ctx);
        return true;
      case 'remove-container': {
        const state = view.container(action.id);
        await this.#removeContainer(action.id, ctx);
        if (state) await this.parts.links.remove(state);
        return true;
      }
    }
  }

  async #startSandbox(attempt: number, ctx: Context, untilStop: Context): Promise<boolean> {
    const { pod } = this.worker;
    if (await this.worker.volumes.setUp(this.worker.facts, untilStop)) {
      this.worker.memory.hold('', { reason: 'ContainerCreating' }, +ctx.clock.now());
      return false;
    }
    const sysctls = Object.fromEntries((pod.spec?.securityContext?.sysctls ?? []).map((s) => [s.name, s.value]));
    let sandbox: SandboxState | undefined;
    try {
      const config: SandboxConfig = {
        pod: identityOf(pod),
        attempt,
        hostname: hostnameOf(pod, this.parts.dns.clusterDomain).hostname,
        network: pod.spec?.hostNetwork ? 'host' : 'pod',
        hostPid: pod.spec?.hostPID ?? false,
        hostIpc: pod.spec?.hostIPC ?? false,
        labels: {},
        annotations: {},
        cgroupParent: await this.parts.cgroups?.ensure(pod, ctx),
        oomScoreAdj: -998,
        ...(Object.keys(sysctls).length ? { sysctls } : {}),
      };
      sandbox = await this.#runSandbox(config, ctx);
      await this.worker.addresses.attach(pod, sandbox, ctx);
      this.worker.memory.came('');
      return true;
    } catch (error) {
      if (ctx.signal.aborted || isAborted(error)) throw error;
      this.parts.events
        .ofPod(pod)
        .warning('FailedCreatePodSandBox', `Failed to create pod sandbox: ${messageOf(error)}`);
      this.worker.memory.hold('', { reason: 'ContainerCreating' }, +ctx.clock.now());
      if (sandbox) await this.#discard(sandbox.id, ctx);
      return false;
    }
  }

  #runSandbox(config: SandboxConfig, ctx: Context): Promise<SandboxState> {
    const { runtime, view } = this.parts;
    const run = async (limited: Context): Promise<SandboxState> => {
      const sandbox = await runtime.runSandbox(config, limited);
      view.putSandbox(sandbox);
      return sandbox;
    };
    return view.act({ podUid: config.pod.uid }, run, ctx);
  }

  async #discard(id: string, ctx: Context): Promise<void> {
    await this.#stopSandbox(id, ctx);
    await this.#removeSandbox(id, ctx);
  }

  async #removeSandbox(id: string, ctx: Context): Promise<void> {
    await this.#detach(id, ctx);
    await this.#act((limited) => this.parts.runtime.removeSandbox(id, limited), ctx);
    this.parts.view.dropSandbox(id);
  }

  async #removeContainer(id: string, ctx: Context): Promise<void> {
    await this.#act((limited) => this.parts.runtime.removeContainer(id, limited), ctx);
    this.parts.view.dropContainer(id);
  }

  #act<T>(call: (ctx: Context) => Promise<T>, ctx: Context, longer: Milliseconds = 0): Promise<T> {
    return this.parts.view.act({ podUid: uidOf(this.worker.pod), longer }, call, ctx);
  }

  async #startContainer(
    action: Extract<PodAction, { do: 'start-container' }>,
    ctx: Context,
    untilStop: Context,
  ): Promise<boolean> {
    const { worker, parts } = this;
    const { name } = action.entry.container;
    const runtime = parts.view.pod(uidOf(worker.pod));
    const sandbox = liveSandbox(runtime);
    if (!sandbox) return false;
    if (action.restart) worker.memory.restarting(name, instancesOf(runtime, name)[0]);
    try {
      const { paths } = await worker.volumes.mounted(worker.facts, untilStop);
      const state = await startContainer(
        {
          pod: worker.pod,
          entry: action.entry,
          attempt: action.attempt,
          sandboxId: sandbox.id,
          volumes: paths,
          facts: worker.facts,
          untilStop,
        },
        parts,
        ctx,
      );
      worker.memory.came(name);
      const hook = action.entry.container.lifecycle?.postStart;
      if (!hook) return true;
      worker.memory.hookBegins(state.id);
      // compat: the containers after this one wait for the hook.
      const fault = await runHook(
        hook,
        { container: action.entry.container, containerId: state.id, podIP: worker.podIPs[0] ?? '' },
        3600,
        parts.runtime,
        untilStop,
      ).finally(() => worker.memory.hookEnds(state.id));
      if (fault === undefined) return true;
      parts.events
        .ofContainer(worker.pod, action.entry)
        .warning('FailedPostStartHook', `PostStartHook failed: ${fault}`);
      worker.memory.kill(name, state.id, 'FailedPostStartHook');
      return false;
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      worker.memory.hold(name, { reason: error.reason, message: error.message }, +ctx.clock.now());
      // Its neighbours start all the same.
      return action.entry.kind === 'app';
    }
  }

  /** preStop and the stop signal share one grace period. */
  async #stop(stop: ContainerStop, ctx: Context): Promise<void> {
    const { parts } = this;
    const began = ctx.clock.monotonic();
    await this.#beginStop(stop, ctx);
    const used = Math.floor((ctx.clock.monotonic() - began) / 1000);
    const least = this.#entryOf(stop)?.container.lifecycle?.preStop ? LEAST_GRACE_SECONDS : 1;
    const left = stop.graceSeconds === 0 ? 0 : Math.max(least, stop.graceSeconds - used);
    await this.#act((limited) => parts.runtime.stopContainer(stop.id, left, limited), ctx, left * 1000);
    this.#stopping.delete(stop.id);
    await parts.view.refreshContainer(stop.id, ctx);
  }

  /** Says so and runs the preStop hook; once, unless that was broken off. */
  #beginStop(stop: ContainerStop, ctx: Context): Promise<void> {
    const begun = this.#stopping.get(stop.id);
    if (begun && !begun.signal.aborted) return begun.run;
    const run = this.#preStop(stop, ctx);
    this.#stopping.set(stop.id, { run, signal: ctx.signal });
    run.catch(() => this.#stopping.delete(stop.id));
    return run;
  }

  async #preStop(stop: ContainerStop, ctx: Context): Promise<void> {
    const { parts, worker } = this;
    const entry = this.#entryOf(stop);
    const events = entry ? parts.events.ofContainer(worker.pod, entry) : parts.events.ofPod(worker.pod);
    events.normal('Killing', stop.message);
    const hook = entry?.container.lifecycle?.preStop;
    if (!entry || !hook || stop.graceSeconds === 0) return;
    const target = { container: entry.container, containerId: stop.id, podIP: worker.podIPs[0] ?? '' };
    const fault = await runHook(hook, target, stop.graceSeconds, parts.runtime, ctx);
    if (fault !== undefined) events.warning('FailedPreStopHook', `PreStopHook failed: ${fault}`);
  }

  #entryOf({ name }: ContainerStop): PodContainer | undefined {
    return containerOf(this.worker.pod, name);
  }

  async #stopSandbox(id: string, ctx: Context): Promise<void> {
    await this.#detach(id, ctx);
    await this.#act((limited) => this.parts.runtime.stopSandbox(id, limited), ctx);
    this.parts.view.sandboxStopped(id);
  }

  async #detach(id: string, ctx: Context): Promise<void> {
    await this.worker.addresses.detach(this.worker.pod, id, ctx);
  }

  /** The pod has ended and its last status is written: the API may forget it, then the engine. */
  async tearDown(gone: boolean, ctx: Context): Promise<void> {
    const { pod } = this.worker;
    const { name = '', namespace, uid } = pod.metadata;
    if (!gone) {
      await this.parts.client
        .resource<Pod>(PODS)
        .delete({ namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } }, ctx)
        .catch((error: unknown) => {
          if (!isNotFound(error) && !isConflict(error)) throw error;
        });
    }
    const { containers, sandboxes } = await this.parts.view.look(uidOf(pod), ctx);
    for (const container of containers) await this.#removeContainer(container.id, ctx);
    for (const sandbox of sandboxes) await this.#removeSandbox(sandbox.id, ctx);
    await this.worker.addresses.giveBackAll(pod, ctx);
    const left = containers.length + sandboxes.length > 0 ? await this.parts.view.look(uidOf(pod), ctx) : emptyRuntime;
    const ids = [...left.containers, ...left.sandboxes].map((state) => state.id);
    if (ids.length > 0) throw new Error(`the runtime still holds ${ids.join(', ')}`);
  }
}

/** Nothing of it goes on behind the caller's back: rejects with the first failure, once all have ended. */
async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
