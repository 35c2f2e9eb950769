import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import type { PodNetwork } from '@kubernest/runtime/contract';
import type { Node } from '../types.ts';

/** What failed may have been a lock that another program held, or is mended meanwhile: no Node that changes says so. */
const AGAIN_AFTER: Milliseconds = 10_000;

/** Gives the pod network what the Node says of it, and tries again what failed. */
export class NetworkSetup {
  /** What a later try takes the place of. */
  #latest: Node | undefined;

  constructor(
    private readonly network: PodNetwork,
    private readonly clusterCidr: string | undefined,
    /** Called after each try: the network's status may have changed. */
    private readonly tried: () => void,
  ) {}

  /** Resolves after one try, whatever came of it. */
  async configure(node: Node, ctx: Context): Promise<void> {
    this.#latest = node;
    const podCidrs = node.spec?.podCIDRs ?? (node.spec?.podCIDR ? [node.spec.podCIDR] : []);
    if (podCidrs.length === 0) return;
    const { clusterCidr } = this;
    try {
      await this.network.configure({ podCidrs, clusterCidr }, ctx);
    } catch (error) {
      if (ctx.signal.aborted) return;
      ctx.log.error('the pod network could not be configured', { error: messageOf(error) });
      void this.#again(node, ctx);
    }
    this.tried();
  }

  async #again(node: Node, ctx: Context): Promise<void> {
    await ctx.clock.sleep(AGAIN_AFTER, ctx.signal).catch(() => {});
    if (!ctx.signal.aborted && this.#latest === node) await this.configure(node, ctx);
  }
}
