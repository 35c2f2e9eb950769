import { readdir } from 'node:fs/promises';
import { answerWithin, type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { removePodDir } from '../volumes/pod-volumes.ts';
import type { NodeParts } from './node-parts.ts';
import type { PodWorkers } from './pod-workers.ts';

/** Every fault that is known cleans up after itself: this is for those that are not, so it may take its time. */
export const SWEEP_EVERY: Milliseconds = 120_000;

/** Of a part that hangs, however much there is to take away: the next sweep tries again. */
const PART_LIMIT: Milliseconds = 600_000;

/**
 * Takes away what pods left that this node has not (any more): containers and sandboxes, addresses, cgroups, logs, mounts and folders.
 * Whatever it finds it finds on the machine itself, by the pod's uid; a pod that comes meanwhile is not touched.
 */
export class Sweep {
  constructor(
    private readonly parts: NodeParts,
    private readonly workers: PodWorkers,
    private readonly every: Milliseconds,
  ) {}

  /** Once now, then every so often until aborted. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      await this.once(ctx);
      await ctx.clock.sleep(this.every, ctx.signal).catch(() => {});
    }
  }

  /** Each part is tried whatever became of the others, and none is waited for for ever. */
  async once(ctx: Context): Promise<void> {
    const { view, network, cgroups } = this.parts;
    const isKnown = (uid: string): boolean => this.workers.has(uid);
    const attempt = async (what: string, work: (ctx: Context) => Promise<void>): Promise<void> => {
      try {
        await answerWithin({ who: 'whoever was asked', limit: PART_LIMIT }, work, ctx);
      } catch (error) {
        if (!ctx.signal.aborted) ctx.log.warn(`${what} could not be looked for`, { error: messageOf(error) });
      }
    };
    await attempt('what the runtime holds of other pods', async (limited) => {
      for (const uid of await view.refresh(limited)) this.workers.wake(uid);
      this.workers.endStrays();
    });
    await attempt('addresses of sandboxes that are gone', (limited) =>
      network.reclaim(async () => {
        await view.refresh(limited);
        return view.liveSandboxes();
      }, limited),
    );
    await attempt('cgroups of other pods', async (limited) => cgroups?.removeOthers(isKnown, limited));
    await attempt('folders of other pods', (limited) => this.#removeFolders(limited));
  }

  async #removeFolders(ctx: Context): Promise<void> {
    const { parts, workers } = this;
    for (const uid of (await ifThere(readdir(parts.podsDir))) ?? []) {
      if (workers.has(uid)) continue;
      await parts.links.removePod(uid);
      await removePodDir(parts.podDir(uid), parts, ctx);
    }
  }
}
