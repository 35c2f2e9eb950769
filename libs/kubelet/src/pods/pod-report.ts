import type { Context } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { containerStatus } from '../status/container-status.ts';
import { podStatus } from '../status/pod-status.ts';
import { statusPatch } from '../status/status-patch.ts';
import { PODS, type Pod, type PodStatus } from '../types.ts';
import type { Verdict } from './judge.ts';
import { readMessages } from './messages.ts';
import type { NodeParts } from './node-parts.ts';
import type { PodPlan } from './plan.ts';
import { containersOf, isTerminal, statusOf, uidOf } from './pod.ts';
import type { PodMemory } from './pod-memory.ts';
import { instancesOf, liveSandbox } from './pod-runtime.ts';

export interface Reported {
  readonly pod: Pod;
  readonly memory: PodMemory;
  readonly messages: Map<string, string>;
  readonly podIPs: readonly string[];
  readonly verdict: Verdict | undefined;
  /** The API no longer knows it: there is nobody to tell. */
  readonly gone: boolean;
  written(asked: Pod, answer: Pod | 'gone'): void;
}

export interface Reporting {
  readonly worker: Reported;
  readonly firstSeen: Date;
}

/** Tells the API how a pod is. */
export class PodReport {
  #published: Promise<void> = Promise.resolve();

  constructor(
    private readonly reporting: Reporting,
    private readonly parts: NodeParts,
    private readonly ctx: Context,
  ) {}

  /** Writes the status if it differs from what the API has. One after the other, so that the last word is the newest. */
  publish(plan: PodPlan): Promise<void> {
    const turn = this.#published.then(() => this.#write(plan));
    this.#published = turn.catch(() => {});
    return turn;
  }

  async #write(plan: PodPlan): Promise<void> {
    const { worker } = this.reporting;
    if (worker.gone) return;
    await readMessages(worker, this.parts, this.ctx);
    const asked = worker.pod;
    const answer = await writeStatus(
      asked,
      currentStatus(this.reporting, plan, this.parts, this.ctx),
      this.parts,
      this.ctx,
    );
    if (answer) worker.written(asked, answer);
  }
}

/** The pod's status from all that is known now. */
function currentStatus({ worker, firstSeen }: Reporting, plan: PodPlan, parts: NodeParts, ctx: Context): PodStatus {
  const { pod, memory, verdict } = worker;
  const runtime = parts.view.pod(uidOf(pod));
  const entries = containersOf(pod);
  const stopping =
    pod.metadata.deletionTimestamp !== undefined || verdict !== undefined || isTerminal(pod) || plan.finished;
  const containers = entries.map((entry) => {
    const { name } = entry.container;
    const instances = instancesOf(runtime, name);
    const running = instances.find((c) => c.state === 'running');
    const prober = running ? memory.probers.get(running.id) : undefined;
    const old = statusOf(pod, name);
    const same = running !== undefined && old?.containerID === `${parts.runtime.name}://${running.id}`;
    const hold = memory.of(name, running).hold;
    const held = hold && hold.until > +ctx.clock.now() && !instances[0] ? hold : undefined;
    return containerStatus({
      pod,
      entry,
      instances,
      before: old,
      stopping,
      waiting: stopping ? undefined : (plan.waiting.get(name) ?? held),
      started: prober ? memory.of(name, running).started === true : same && old?.started === true,
      ready: prober ? prober.ready : same && old?.ready === true,
      hasInit: (pod.spec?.initContainers ?? []).length > 0,
      message: (id) => worker.messages.get(id),
      runtimeName: parts.runtime.name,
    });
  });
  const sandbox = liveSandbox(runtime);
  return podStatus({
    pod,
    containers,
    verdict,
    startTime: firstSeen,
    podIPs: worker.podIPs,
    hostIPs: parts.hostIPs,
    sandboxReady: sandbox !== undefined && worker.podIPs.length > 0,
    finished: plan.finished,
    now: ctx.clock.now(),
  });
}

/** Writes the status if it differs from what the API has; returns the pod as it is then, or that it is gone. */
async function writeStatus(
  pod: Pod,
  status: PodStatus,
  parts: NodeParts,
  ctx: Context,
): Promise<Pod | 'gone' | undefined> {
  const patch = statusPatch(pod.status, status);
  if (!patch) return undefined;
  const { name = '', namespace, uid = '' } = pod.metadata;
  try {
    const request = { type: 'strategic', body: { metadata: { uid }, status: patch }, subresource: 'status' } as const;
    const answer = await parts.client.resource<Pod>(PODS).patch({ namespace, name }, request, {}, ctx);
    return answer.metadata.uid === uid ? answer : undefined;
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    throw error;
  }
}
