import type { Context } from '@kubernest/kit';
import type { RuntimeSnapshot } from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import type { Containers } from './containers.ts';
import type { Engine } from './engine.ts';
import { engineCall } from './engine-error.ts';
import { ownerFilter, parseLabels, podFilter } from './labels.ts';
import { containerState, type Inspected, sandboxState } from './state.ts';

interface Kept {
  readonly listed: string;
  readonly info: Inspected;
}

/**
 * The list says what there is and in which state, but not since when or with which exit code. Details are asked for once per
 * state and kept until an event names the container; without a live event stream only those of ended containers are kept.
 */
export class Snapshots {
  readonly #kept = new Map<string, Kept>();
  #listening = 0;
  #epoch = 0;

  constructor(
    private readonly engine: Engine,
    private readonly containers: Containers,
  ) {}

  forget(id: string): void {
    this.#epoch += 1;
    this.#kept.delete(id);
  }

  /** While `work` runs, `forget` is called for every change. */
  async whileListening(work: () => Promise<void>): Promise<void> {
    this.#kept.clear();
    this.#listening += 1;
    try {
      await work();
    } finally {
      this.#listening -= 1;
      this.#kept.clear();
    }
  }

  async take(ctx: Context): Promise<RuntimeSnapshot> {
    const list = await this.#list(ownerFilter(this.engine.owner), ctx);
    const here = new Set(list.map((entry) => entry.Id));
    for (const id of this.#kept.keys()) if (!here.has(id)) this.#kept.delete(id);
    return this.#read(list, ctx);
  }

  async takeOf(podUid: string, ctx: Context): Promise<RuntimeSnapshot> {
    return this.#read(await this.#list(podFilter(this.engine.owner, podUid), ctx), ctx);
  }

  #list(label: readonly string[], ctx: Context): Promise<Docker.ContainerInfo[]> {
    const filters = JSON.stringify({ label });
    return engineCall(ctx, () => this.engine.docker.listContainers({ all: true, filters }));
  }

  async #read(list: readonly Docker.ContainerInfo[], ctx: Context): Promise<RuntimeSnapshot> {
    const details = await Promise.all(list.map((entry) => this.#details(entry.Id, entry.State, ctx)));
    const sandboxes = [];
    const containers = [];
    for (const info of details) {
      const parsed = info && parseLabels(info.Config.Labels, this.engine.owner);
      if (!parsed) continue;
      if (parsed.type === 'sandbox') sandboxes.push(sandboxState(info, parsed));
      else containers.push(containerState(info, parsed));
    }
    return { sandboxes, containers };
  }

  async #details(id: string, listed: string, ctx: Context): Promise<Inspected | undefined> {
    const kept = this.#kept.get(id);
    if (kept?.listed === listed) return kept.info;
    const epoch = this.#epoch;
    const info = await this.containers.inspectRaw(id, ctx);
    const lasting = listed === 'exited' || this.#listening > 0;
    if (info && lasting && info.State.Status === listed && epoch === this.#epoch) this.#kept.set(id, { listed, info });
    return info;
  }
}
