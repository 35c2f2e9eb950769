import { mkdir } from 'node:fs/promises';
import type { Context } from '@kubernest/kit';
import type { Pod } from '../types.ts';
import { type MountedVolumes, setUpVolumes, VolumeError } from '../volumes/pod-volumes.ts';
import { boundedVolumes, overfullVolume } from '../volumes/volume-usage.ts';
import type { DownwardFacts } from './downward.ts';
import type { NodeParts } from './node-parts.ts';
import { uidOf } from './pod.ts';

const RETRY_MS = 60_000;
/** As often as Kubernetes looks for what to evict. */
const USAGE_EVERY_MS = 10_000;

/** The volumes of one pod: set up before its first container, refreshed while it runs. */
export class WorkerVolumes {
  #mounted: MountedVolumes | undefined;
  /** Changes that come while they are being set up may have been missed: they are set up once more. */
  #outdated = false;
  #measureAt: number | undefined;

  constructor(private readonly parts: NodeParts) {}

  get refreshAt(): number | undefined {
    return this.#outdated ? 0 : this.#mounted?.refreshAt;
  }

  /** What they are made of has changed. */
  outdated(): void {
    this.#outdated = true;
  }

  /** Returns why they could not be set up; undefined when they are. */
  async setUp(facts: DownwardFacts, ctx: Context): Promise<VolumeError | undefined> {
    const { pod } = facts;
    const dir = this.parts.podDir(uidOf(pod));
    this.#outdated = false;
    try {
      await mkdir(dir, { recursive: true, mode: 0o750 });
      this.#mounted = await setUpVolumes(pod, dir, { ...this.parts, facts }, ctx);
      return undefined;
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      this.#say(pod, error);
      return error;
    }
  }

  /** As they are mounted; set up now by an agent that found the pod running. */
  async mounted(facts: DownwardFacts, ctx: Context): Promise<MountedVolumes> {
    const failure = this.#mounted ? undefined : await this.setUp(facts, ctx);
    if (failure) throw failure;
    return this.#mounted ?? { paths: new Map(), refreshAt: undefined };
  }

  /** Brings them up to date when it is time. What cannot be refreshed stays as it was, and is tried again later. */
  async refresh(facts: DownwardFacts, ctx: Context): Promise<void> {
    const now = +ctx.clock.now();
    if (this.#mounted && (this.refreshAt ?? Infinity) > now) return;
    if ((await this.setUp(facts, ctx)) && this.#mounted)
      this.#mounted = { ...this.#mounted, refreshAt: now + RETRY_MS };
  }

  /** When to measure again (epoch ms); undefined where nothing is bounded. */
  get measureAt(): number | undefined {
    return this.#measureAt;
  }

  /** Measures when it is time. Returns why the pod must go. */
  async measure(pod: Pod, ctx: Context): Promise<string | undefined> {
    const now = +ctx.clock.now();
    if (boundedVolumes(pod).length === 0 || now < (this.#measureAt ?? 0)) return undefined;
    this.#measureAt = now + USAGE_EVERY_MS;
    return overfullVolume(pod, (volume) => this.#mounted?.paths.get(volume)?.path);
  }

  #say(pod: Pod, error: VolumeError): void {
    this.parts.events.ofPod(pod).warning('FailedMount', error.message);
  }
}
