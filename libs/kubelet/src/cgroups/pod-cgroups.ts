import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Context, messageOf, NoAnswerError } from '@kubernest/kit';
import { type QosClass, qosClass } from '@kubernest/meta';
import type { ContainerRuntime } from '@kubernest/runtime/contract';
import { answered, RUNTIME } from '../answered.ts';
import { uidOf } from '../pods/pod.ts';
import type { Pod } from '../types.ts';
import { type CgroupDriver, type CgroupName, parentOf, podName, tierName } from './cgroup-name.ts';
import { type CgroupTree, cgroupFiles, systemdSlices } from './cgroup-tree.ts';
import { podLimits, requestedMilliCpu, sharesOf } from './pod-limits.ts';

export interface CgroupOptions {
  /** Where the machine's cgroup file systems are: `/sys/fs/cgroup`. */
  readonly mount: string;
  /** The topmost of ours; clusters side by side have one each. */
  readonly root: string;
  /** In place of the machine's own; for tests. */
  readonly tree?: CgroupTree;
}

interface Layout {
  readonly tree: CgroupTree;
  readonly driver: CgroupDriver;
}

const tiers: readonly QosClass[] = ['Guaranteed', 'Burstable', 'BestEffort'];
const TRIES = 10;

/**
 * A cgroup for each pod, in the tier of its quality of service. Driver and version are the engine's. A machine that lets none be
 * made runs pods all the same, below the engine's own; that is said once.
 */
export class PodCgroups {
  #layout: Promise<Layout> | undefined;
  #refused = false;
  readonly #pods = new Map<string, { readonly qos: QosClass; readonly milliCpu: number }>();
  #burstableShares: number | undefined;

  constructor(
    private readonly options: CgroupOptions,
    private readonly runtime: Pick<ContainerRuntime, 'info'>,
  ) {}

  /** Makes and bounds the pod's cgroup once, and returns it as the engine wants to be told; undefined where there can be none. */
  async ensure(pod: Pod, ctx: Context): Promise<string | undefined> {
    if (this.#refused) return undefined;
    const { tree, driver } = await this.#found(ctx);
    const qos = qosClass(pod.spec);
    const name = podName(this.options.root, qos, uidOf(pod));
    if (!this.#pods.has(uidOf(pod))) {
      try {
        for (const tier of tiers) await tree.put(tierName(this.options.root, tier), {}, ctx);
        await tree.put(name, podLimits(pod), ctx);
      } catch (error) {
        ctx.signal.throwIfAborted();
        if (error instanceof NoAnswerError) throw error;
        this.#refused = true;
        ctx.log.warn('pods get no cgroups of their own on this machine', { error: messageOf(error) });
        return undefined;
      }
      this.#pods.set(uidOf(pod), { qos, milliCpu: requestedMilliCpu(pod) });
      await this.#weighTiers(tree, ctx);
    }
    return parentOf(name, driver);
  }

  /** Nothing of the pod runs any more. One that an earlier agent made is looked for in every tier. Rejects while something is still in it. */
  async remove(uid: string, ctx: Context): Promise<void> {
    const known = this.#pods.get(uid);
    const { tree } = await this.#found(ctx);
    for (const qos of known ? [known.qos] : tiers) await this.#take(tree, podName(this.options.root, qos, uid), ctx);
    if (this.#pods.delete(uid)) await this.#weighTiers(tree, ctx);
  }

  /** Removes those of pods that are not known: they ended while no agent was there. What cannot be removed is said and left. */
  async removeOthers(isKnown: (uid: string) => boolean, ctx: Context): Promise<void> {
    const { tree } = await this.#found(ctx);
    for (const qos of tiers)
      for (const level of await tree.list(tierName(this.options.root, qos))) {
        const uid = /^pod(.+)$/.exec(level)?.[1]?.replaceAll('_', '-');
        if (uid === undefined || isKnown(uid)) continue;
        await this.#tryTake(tree, podName(this.options.root, qos, uid), ctx);
      }
  }

  /** Takes all of it back. */
  async teardown(ctx: Context): Promise<void> {
    await this.removeOthers(() => false, ctx);
    const { tree } = await this.#found(ctx);
    for (const qos of tiers.toReversed()) await this.#tryTake(tree, tierName(this.options.root, qos), ctx);
  }

  async #tryTake(tree: CgroupTree, name: CgroupName, ctx: Context): Promise<void> {
    await this.#take(tree, name, ctx).catch((error: unknown) => {
      ctx.signal.throwIfAborted();
      ctx.log.warn('a cgroup could not be removed', { name: name.join('/'), error: messageOf(error) });
    });
  }

  /** The engine says that a container has ended a moment before the kernel has taken its last process out. */
  async #take(tree: CgroupTree, name: CgroupName, ctx: Context): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await tree.remove(name, ctx);
      } catch (error) {
        ctx.signal.throwIfAborted();
        if (tries === TRIES || error instanceof NoAnswerError) throw error;
        await ctx.clock.sleep(20, ctx.signal);
      }
    }
  }

  #found(ctx: Context): Promise<Layout> {
    this.#layout ??= layoutOf(this.options, this.runtime, ctx).catch((error: unknown) => {
      this.#layout = undefined;
      throw error;
    });
    return this.#layout;
  }

  /** Burstable pods together get what they asked for; the rest of a busy machine's time is not theirs by number. */
  async #weighTiers(tree: CgroupTree, ctx: Context): Promise<void> {
    const asked = [...this.#pods.values()].reduce((sum, p) => sum + (p.qos === 'Burstable' ? p.milliCpu : 0), 0);
    const shares = sharesOf(asked);
    if (shares === this.#burstableShares) return;
    const first = this.#burstableShares === undefined;
    this.#burstableShares = shares;
    await tree.put(tierName(this.options.root, 'Burstable'), { cpuShares: shares }, ctx);
    if (first) await tree.put(tierName(this.options.root, 'BestEffort'), { cpuShares: sharesOf(0) }, ctx);
  }
}

async function layoutOf(
  { mount, tree: given }: CgroupOptions,
  runtime: Pick<ContainerRuntime, 'info'>,
  ctx: Context,
): Promise<Layout> {
  const { cgroupDriver: driver, cgroupVersion: version } = await answered(
    { who: RUNTIME },
    (limited) => runtime.info(limited),
    ctx,
  );
  if (given) return { tree: answering(given), driver };
  const tree = driver === 'systemd' ? systemdSlices(mount, version, systemctl) : cgroupFiles(mount, version);
  return { tree: answering(tree), driver };
}

/** Systemd may hang, and so may whoever holds a lock of the kernel's. */
function answering(tree: CgroupTree): CgroupTree {
  const who = 'the cgroup tree';
  return {
    put: (name, limits, ctx) => answered({ who }, (limited) => tree.put(name, limits, limited), ctx),
    remove: (name, ctx) => answered({ who }, (limited) => tree.remove(name, limited), ctx),
    list: (name) => tree.list(name),
  };
}

async function systemctl(args: readonly string[], ctx: Context): Promise<void> {
  await promisify(execFile)('systemctl', [...args], { signal: ctx.signal });
}
