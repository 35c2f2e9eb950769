import type { Milliseconds } from '@kubernest/kit';
import type { ContainerState } from '@kubernest/runtime/contract';
import type { Pod } from '../types.ts';
import {
  containersOf,
  endedWell,
  gracePeriodOf,
  isTerminal,
  type PodContainer,
  podLabel,
  restartsAfter,
  statusOf,
} from './pod.ts';
import { endOf, hasEnded, instancesOf, liveSandbox, type PodRuntime } from './pod-runtime.ts';

/** What a container gets to end in when others, or its preStop hook, took all there was. */
export const LEAST_GRACE_SECONDS = 2;

/** Everything of a pod must stop. */
export interface StopOrder {
  /** For all of the pod, from `began` on. */
  readonly graceSeconds: number;
  readonly began: Date;
}

export interface Waiting {
  readonly reason: string;
  readonly message?: string;
}

/** What the runtime cannot know of a container; kept by its pod's worker. */
export interface ContainerMemory {
  /** Not before this time (epoch ms), for this reason: image or creation back-off. */
  readonly hold?: Waiting & { readonly until: number };
  /** The wait that the last restart earned. */
  readonly crashDelay?: Milliseconds;
  /** This instance must end: a probe or a postStart hook failed. */
  readonly kill?: Kill;
  /** The running instance has passed its startup probe (or has none) and its postStart hook. */
  readonly started?: boolean;
}

export interface Kill {
  readonly id: string;
  readonly message: string;
  /** A probe may have a grace period of its own. */
  readonly graceSeconds?: number;
}

export interface PodFacts {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly stop: StopOrder | undefined;
  readonly memory: (container: string) => ContainerMemory;
  readonly now: Date;
}

export interface ContainerStop {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  readonly graceSeconds: number;
}

export type PodAction =
  | { readonly do: 'start-sandbox'; readonly attempt: number }
  | { readonly do: 'stop-sandbox'; readonly id: string }
  | { readonly do: 'remove-sandbox'; readonly id: string }
  | {
      readonly do: 'start-container';
      readonly entry: PodContainer;
      readonly attempt: number;
      readonly restart: boolean;
    }
  | {
      readonly do: 'stop-containers';
      readonly stops: readonly ContainerStop[];
      /** Their turn comes later; their preStop hooks run from now on. */
      readonly later?: readonly ContainerStop[];
    }
  | { readonly do: 'remove-container'; readonly id: string };

export interface PodPlan {
  readonly actions: readonly PodAction[];
  readonly waiting: ReadonlyMap<string, Waiting>;
  /** Look again at this time (epoch ms) though nothing happens. */
  readonly wakeAt: number | undefined;
  /** Nothing runs and nothing will. */
  readonly finished: boolean;
}

/** The next steps of a pod. Pure; asked again after every step and every change. */
export function planPod(facts: PodFacts): PodPlan {
  if (facts.stop || isTerminal(facts.pod)) return planStop(facts);
  if (isSettled(facts)) return planStop(facts);
  const sandbox = liveSandbox(facts.runtime);
  return sandbox ? planContainers(facts, sandbox.id) : planSandbox(facts);
}

const plan = (actions: readonly PodAction[], rest: Partial<PodPlan> = {}): PodPlan => ({
  actions,
  waiting: rest.waiting ?? new Map(),
  wakeAt: rest.wakeAt,
  finished: rest.finished ?? false,
});

/** App containers first, side by side; then sidecars one by one, last started first; then the sandbox. */
function planStop(facts: PodFacts): PodPlan {
  const { pod, runtime } = facts;
  const sidecars = new Set(
    containersOf(pod)
      .filter((e) => e.sidecar)
      .map((e) => e.container.name),
  );
  const running = runtime.containers.filter((c) => c.state === 'running');
  const stopOf = (c: ContainerState): ContainerStop => ({
    id: c.id,
    name: c.name,
    graceSeconds: graceLeft(facts),
    message: `Stopping container ${c.name}`,
  });
  const apps = running.filter((c) => !sidecars.has(c.name)).map(stopOf);
  const waves = [apps, ...[...sidecars].reverse().map((name) => running.filter((c) => c.name === name).map(stopOf))];
  const [stops, ...rest] = waves.filter((wave) => wave.length > 0);
  const later = rest.flat();
  if (stops) return plan([{ do: 'stop-containers', stops, ...(later.length > 0 ? { later } : {}) }]);
  const sandboxes = runtime.sandboxes.filter((s) => s.running);
  return plan(
    sandboxes.map((s) => ({ do: 'stop-sandbox', id: s.id })),
    { finished: sandboxes.length === 0 },
  );
}

/** Those that end later have what those before them left. */
function graceLeft({ pod, stop, now }: PodFacts): number {
  if (!stop) return gracePeriodOf(pod);
  if (stop.graceSeconds === 0) return 0;
  return Math.max(LEAST_GRACE_SECONDS, stop.graceSeconds - Math.floor((+now - +stop.began) / 1000));
}

/** No container of this pod will run again, and none runs. */
function isSettled(facts: PodFacts): boolean {
  const { pod, runtime } = facts;
  const inits = containersOf(pod).filter((e) => e.kind === 'init' && !e.sidecar);
  const endedFor = (e: PodContainer): 'no' | 'done' | 'failed' => {
    const latest = instancesOf(runtime, e.container.name)[0];
    if (!latest || !hasEnded(latest)) return 'no';
    return shouldRestart(facts, e, latest) ? 'no' : endedWell(e, endOf(latest)) ? 'done' : 'failed';
  };
  if (inits.some((e) => endedFor(e) === 'failed')) return true;
  const apps = containersOf(pod).filter((e) => e.kind === 'app');
  return apps.length > 0 && apps.every((e) => endedFor(e) !== 'no');
}

function shouldRestart(facts: PodFacts, entry: PodContainer, latest: ContainerState): boolean {
  return restartsAfter(facts.pod, entry, endOf(latest));
}

function planSandbox(facts: PodFacts): PodPlan {
  const { runtime, pod } = facts;
  const left = runtime.containers.filter((c) => c.state === 'running');
  if (left.length > 0) {
    const stops = left.map((c) => ({
      id: c.id,
      name: c.name,
      graceSeconds: gracePeriodOf(pod),
      message: 'Pod sandbox changed, it will be killed and re-created.',
    }));
    return plan([{ do: 'stop-containers', stops }]);
  }
  const hold = facts.memory('').hold;
  if (hold && hold.until > +facts.now) return plan([], { wakeAt: hold.until });
  const attempt = runtime.sandboxes[0] ? runtime.sandboxes[0].attempt + 1 : 0;
  return plan([{ do: 'start-sandbox', attempt }]);
}

interface Draft {
  readonly actions: PodAction[];
  readonly waiting: Map<string, Waiting>;
  wakeAt: number | undefined;
}

function planContainers(facts: PodFacts, sandboxId: string): PodPlan {
  const surplus = surplusOf(facts.runtime, sandboxId);
  if (surplus.length > 0) {
    const stops = surplus.map(({ id, name }) => ({
      ...{ id, name, graceSeconds: gracePeriodOf(facts.pod) },
      message: `Stopping container ${name}: a newer instance takes its place`,
    }));
    return plan([{ do: 'stop-containers', stops }]);
  }
  const draft: Draft = { actions: [], waiting: new Map(), wakeAt: undefined };
  planGarbage(facts, sandboxId, draft);
  const entries = containersOf(facts.pod);
  const initialized = entries.some(
    (e) => e.kind === 'app' && instancesOf(facts.runtime, e.container.name).some((c) => c.sandboxId === sandboxId),
  );
  let blocked = false;
  for (const entry of entries) {
    if (entry.kind === 'init' && !entry.sidecar && initialized) continue;
    if (blocked && entry.kind !== 'ephemeral') {
      draft.waiting.set(entry.container.name, { reason: 'PodInitializing' });
      continue;
    }
    const ready = planContainer(facts, entry, sandboxId, draft);
    if (entry.kind === 'init' && !ready && !initialized) blocked = true;
  }
  return plan(draft.actions, draft);
}

/** Plans one container; returns whether those after it may start. */
function planContainer(facts: PodFacts, entry: PodContainer, sandboxId: string, draft: Draft): boolean {
  const name = entry.container.name;
  const memory = facts.memory(name);
  const latest = instancesOf(facts.runtime, name)[0];
  if (latest?.state === 'running' && latest.sandboxId === sandboxId) return planRunning(facts, entry, latest, draft);
  const current = latest?.sandboxId === sandboxId ? latest : undefined;
  if (latest && hasEnded(latest)) {
    const done = endedWell(entry, endOf(latest)) && entry.kind === 'init' && !entry.sidecar;
    if (current && done) return true;
    // A new sandbox runs init containers again; app containers only when their policy says so.
    if (!(entry.kind === 'init' && !current) && !shouldRestart(facts, entry, latest)) return false;
  }
  if (memory.hold && memory.hold.until > +facts.now) return wait(draft, name, memory.hold, memory.hold.until);
  const crashed = current !== undefined && hasEnded(current);
  if (crashed && memory.crashDelay !== undefined) {
    const until = +(current.finishedAt ?? current.createdAt) + memory.crashDelay;
    if (until > +facts.now) return wait(draft, name, crashLoop(facts.pod, name, memory.crashDelay), until);
  }
  // `created` without a word of failure: the agent died between create and start.
  if (latest && !hasEnded(latest)) draft.actions.push({ do: 'remove-container', id: latest.id });
  const attempt = latest ? (hasEnded(latest) ? latest.attempt + 1 : latest.attempt) : countBefore(facts.pod, name);
  draft.actions.push({ do: 'start-container', entry, attempt, restart: crashed });
  return false;
}

function planRunning(facts: PodFacts, entry: PodContainer, running: ContainerState, draft: Draft): boolean {
  const memory = facts.memory(entry.container.name);
  const graceSeconds = facts.pod.spec?.terminationGracePeriodSeconds ?? 30;
  if (memory.kill?.id === running.id) {
    draft.actions.push({
      do: 'stop-containers',
      stops: [{ graceSeconds, ...memory.kill, name: running.name }],
    });
    return false;
  }
  if (entry.container.image !== undefined && running.image !== '' && running.image !== entry.container.image) {
    const message = `Container ${running.name} definition changed, will be restarted`;
    draft.actions.push({
      do: 'stop-containers',
      stops: [{ id: running.id, name: running.name, graceSeconds, message }],
    });
    return false;
  }
  return entry.kind !== 'init' || (entry.sidecar && memory.started === true);
}

function wait(draft: Draft, name: string, waiting: Waiting, until: number): false {
  draft.waiting.set(name, { reason: waiting.reason, message: waiting.message });
  draft.wakeAt = draft.wakeAt === undefined ? until : Math.min(draft.wakeAt, until);
  return false;
}

export function crashLoop(pod: Pod, name: string, delay: Milliseconds): Waiting {
  const spoken = delay >= 60_000 ? `${Math.floor(delay / 60_000)}m${(delay % 60_000) / 1000}s` : `${delay / 1000}s`;
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${spoken} restarting failed container=${name} pod=${podLabel(pod)}`,
  };
}

/** A container that the engine lost was started before: its count must not fall. */
function countBefore(pod: Pod, name: string): number {
  const before = statusOf(pod, name);
  const ran = before?.containerID !== undefined || before?.lastState?.terminated !== undefined;
  return (before?.restartCount ?? 0) + (ran ? 1 : 0);
}

/** Keeps the newest instance and one before it (for `logs --previous`), and no sandbox but the living. */
function planGarbage(facts: PodFacts, sandboxId: string, draft: Draft): void {
  const seen = new Map<string, number>();
  for (const container of facts.runtime.containers) {
    const count = (seen.get(container.name) ?? 0) + 1;
    seen.set(container.name, count);
    if (count > 2 && container.state !== 'running') draft.actions.push({ do: 'remove-container', id: container.id });
  }
  for (const sandbox of facts.runtime.sandboxes) {
    if (sandbox.id === sandboxId) continue;
    draft.actions.push({ do: sandbox.running ? 'stop-sandbox' : 'remove-sandbox', id: sandbox.id });
  }
}

/** Of each container one instance runs, the newest, in the living sandbox. Another came of a call that was given up and did its work all the same. */
function surplusOf(runtime: PodRuntime, sandboxId: string): readonly ContainerState[] {
  const isTheOne = (c: ContainerState): boolean =>
    c.sandboxId === sandboxId && instancesOf(runtime, c.name)[0]?.id === c.id;
  return runtime.containers.filter((c) => c.state === 'running' && !isTheOne(c));
}
