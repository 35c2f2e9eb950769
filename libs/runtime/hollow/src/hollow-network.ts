import type { PodNetwork } from '@kubernest/runtime/contract';

/** Every sandbox gets the next address; what is attached is visible. Nothing is wired. */
export class HollowNetwork implements PodNetwork {
  readonly attached = new Map<string, string>();
  #serial = 1;

  async attach({ sandboxId }: { readonly sandboxId: string }) {
    const ip = this.attached.get(sandboxId) ?? `10.244.0.${++this.#serial}`;
    this.attached.set(sandboxId, ip);
    return { ips: [ip] };
  }

  async detach({ sandboxId }: { readonly sandboxId: string }): Promise<void> {
    this.attached.delete(sandboxId);
  }

  async reclaim(findLive: () => Promise<ReadonlySet<string>>): Promise<void> {
    const held = [...this.attached.keys()];
    const live = await findLive();
    for (const id of held) if (!live.has(id)) this.attached.delete(id);
  }

  /** A machine that has started again knows nothing of what its pods' network was told before. */
  isConfigured = true;

  status(): ReturnType<PodNetwork['status']> {
    return this.isConfigured ? { ready: true } : { ready: false, reason: 'not configured' };
  }

  async configure(): Promise<void> {
    this.isConfigured = true;
  }

  teardown = async (): Promise<void> => this.attached.clear();
}
