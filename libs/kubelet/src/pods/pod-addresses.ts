import type { Context } from '@kubernest/kit';
import type { HostPort, SandboxState } from '@kubernest/runtime/contract';
import { answered } from '../answered.ts';
import type { Pod } from '../types.ts';
import type { NodeParts } from './node-parts.ts';
import { containersOf, identityOf, uidOf } from './pod.ts';
import { liveSandbox } from './pod-runtime.ts';

/** The addresses of one pod: given with its sandbox's wiring, and given back. */
export class PodAddresses {
  #given: { readonly sandboxId: string; readonly ips: readonly string[] } | undefined;
  /** Sandboxes that were asked to be wired, whatever came of it. */
  readonly #asked = new Set<string>();

  constructor(private readonly parts: NodeParts) {}

  of(pod: Pod): readonly string[] {
    if (pod.spec?.hostNetwork) return this.parts.hostIPs;
    return this.#given?.ips ?? (pod.status?.podIPs ?? []).flatMap((p) => (p.ip ? [p.ip] : []));
  }

  async attach(pod: Pod, sandbox: SandboxState, ctx: Context): Promise<void> {
    if (pod.spec?.hostNetwork) return;
    const { id: sandboxId, netns } = sandbox;
    for (const other of this.#asked) if (other !== sandboxId) await this.detach(pod, other, ctx);
    this.#asked.add(sandboxId);
    const request = { sandboxId, pod: identityOf(pod), netns, hostPorts: hostPortsOf(pod) };
    const { ips } = await answered(
      { who: 'the pod network' },
      (limited) => this.parts.network.attach(request, limited),
      ctx,
    );
    this.#given = { sandboxId, ips };
  }

  /** What a sandbox that was found running has; one that was never wired is wired now. */
  async adopt(pod: Pod, ctx: Context): Promise<void> {
    await this.giveBackLost(pod, ctx);
    const sandbox = liveSandbox(this.parts.view.pod(uidOf(pod)));
    if (sandbox && this.#given?.sandboxId !== sandbox.id) await this.attach(pod, sandbox, ctx);
  }

  /** Those of a sandbox that somebody took from the engine. */
  async giveBackLost(pod: Pod, ctx: Context): Promise<void> {
    for (const sandboxId of this.#asked)
      if (!this.parts.view.sandbox(sandboxId)) await this.detach(pod, sandboxId, ctx);
  }

  /** The pod has no sandbox any more. */
  async giveBackAll(pod: Pod, ctx: Context): Promise<void> {
    for (const sandboxId of this.#asked) await this.detach(pod, sandboxId, ctx);
  }

  async detach(pod: Pod, sandboxId: string, ctx: Context): Promise<void> {
    if (pod.spec?.hostNetwork) return;
    const netns = this.parts.view.sandbox(sandboxId)?.netns;
    const request = { sandboxId, pod: identityOf(pod), netns, hostPorts: hostPortsOf(pod) };
    await answered({ who: 'the pod network' }, (limited) => this.parts.network.detach(request, limited), ctx);
    this.#asked.delete(sandboxId);
    if (this.#given?.sandboxId === sandboxId) this.#given = undefined;
  }
}

export function hostPortsOf(pod: Pod): HostPort[] {
  return containersOf(pod).flatMap(({ container }) =>
    (container.ports ?? []).flatMap(({ hostPort, containerPort, protocol = 'TCP', hostIP }) =>
      hostPort ? [{ hostPort, containerPort, protocol: protocol as HostPort['protocol'], hostIP }] : [],
    ),
  );
}
