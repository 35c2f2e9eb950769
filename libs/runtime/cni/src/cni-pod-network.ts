import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import type { PodNetwork, PodNetworkRequest, PodNetworkStatus } from '@kubernest/runtime/contract';
import { type Attachment, Attachments } from './attachments.ts';
import { ensureBridge } from './bridge.ts';
import { runCommand } from './command.ts';
import { closeFirewall, hasPortmapChains, openFirewall, removePortmapChains } from './firewall.ts';
import { readLeases, releaseLease } from './leases.ts';
import { type NetworkNames, networkNames } from './names.ts';
import { callPlugin } from './plugin.ts';
import {
  addressesOf,
  type CniResult,
  hostEndsOf,
  loopbackConfig,
  type PluginConfig,
  pluginChain,
} from './plugin-config.ts';
import { isIPv6 } from './rules.ts';
import { disableIPv6, setSysctls } from './sysctls.ts';

export interface CniPodNetworkOptions {
  /** Names bridge and chains, so that clusters side by side do not collide. */
  readonly cluster: string;
  /** Where leases and notes of what was wired are kept: under the node's data directory. */
  readonly stateDir: string;
  /** Debian's `containernetworking-plugins` unless given. */
  readonly pluginDir?: string;
  readonly names?: Partial<NetworkNames>;
  readonly mtu?: number;
  /** Gets a route where the machine has no default one, and is not forwarded when nothing gave a packet its endpoint. */
  readonly serviceCidr?: string;
}

export interface CniPodNetwork extends PodNetwork {
  readonly names: NetworkNames;
}

type PodCidrs = Parameters<PodNetwork['configure']>[0];

const neededPlugins = ['bridge', 'host-local', 'loopback', 'portmap'];

export function cniPodNetwork(options: CniPodNetworkOptions): CniPodNetwork {
  return new CniNetwork(options);
}

class CniNetwork implements CniPodNetwork {
  readonly names: NetworkNames;
  readonly #pluginDir: string;
  readonly #leaseDir: string;
  readonly #attachments: Attachments;
  readonly #busy = new Map<string, Promise<unknown>>();
  #podCidrs: readonly string[] = [];
  #configured = '';
  /** Why the last try to configure it failed. */
  #fault: string | undefined;
  #configuring: Promise<void> = Promise.resolve();
  #portmapWasThere: boolean | undefined;

  constructor(private readonly options: CniPodNetworkOptions) {
    this.names = networkNames(options.cluster, options.names);
    this.#pluginDir = options.pluginDir ?? '/usr/lib/cni';
    this.#leaseDir = join(options.stateDir, 'leases');
    this.#attachments = new Attachments(join(options.stateDir, 'attachments'));
  }

  status(): ReturnType<PodNetwork['status']> {
    const missing = neededPlugins.filter((name) => !existsSync(join(this.#pluginDir, name)));
    if (missing.length > 0) {
      return {
        ready: false,
        reason: `CNI plugins ${missing.join(', ')} are not in ${this.#pluginDir}: install containernetworking-plugins`,
      };
    }
    if (this.#configured !== '') return { ready: true };
    return { ready: false, reason: this.#fault ?? 'the node has no pod CIDR yet' };
  }

  /** In turn: two at once would both find the jumps missing and both put them in. */
  configure(network: PodCidrs, ctx: Context): Promise<void> {
    const turn = this.#configuring.then(() => this.#configure(network, ctx));
    this.#configuring = turn.then(
      () => {
        this.#fault = undefined;
      },
      (error: unknown) => {
        this.#fault = messageOf(error);
      },
    );
    return turn;
  }

  attach(request: PodNetworkRequest, ctx: Context): Promise<PodNetworkStatus> {
    return this.#inTurn(request.sandboxId, () => this.#attach(request, ctx));
  }

  detach(request: Parameters<PodNetwork['detach']>[0], ctx: Context): Promise<void> {
    return this.#inTurn(request.sandboxId, () => this.#detach(request.sandboxId, request.netns ?? '', ctx));
  }

  async reclaim(findLive: () => Promise<ReadonlySet<string>>, ctx: Context): Promise<void> {
    const notes = await this.#attachments.list();
    const leases = await readLeases(this.#leaseDir, this.names.network);
    const live = await findLive();
    for (const { sandboxId } of notes) {
      if (!live.has(sandboxId)) await this.#inTurn(sandboxId, () => this.#detach(sandboxId, '', ctx));
    }
    // What a plugin call that outlived its caller has taken is in no note any more.
    for (const lease of leases) if (!live.has(lease.sandboxId)) await releaseLease(lease);
  }

  async teardown(ctx: Context): Promise<void> {
    await this.reclaim(async () => new Set(), ctx);
    await closeFirewall(this.names, ctx);
    if (!(this.#portmapWasThere ?? (await this.#notedPortmap()))) await removePortmapChains(ctx);
    await runCommand('ip', ['link', 'delete', this.names.bridge], {}, ctx);
    await rm(this.options.stateDir, { recursive: true, force: true });
    this.#configured = '';
    this.#podCidrs = [];
  }

  async #configure(network: PodCidrs, ctx: Context): Promise<void> {
    const wanted = JSON.stringify(network);
    if (wanted === this.#configured || network.podCidrs.length === 0) return;
    this.#portmapWasThere ??= await this.#foundPortmapChains(ctx);
    for (const sentence of await setSysctls(network.podCidrs.some(isIPv6), ctx)) ctx.log.info(sentence);
    const { serviceCidr } = this.options;
    const services = serviceCidr ? { serviceCidr } : {};
    await ensureBridge({ bridge: this.names.bridge, podCidrs: network.podCidrs, ...services }, ctx);
    await openFirewall({ names: this.names, ...network, ...services }, ctx);
    this.#podCidrs = network.podCidrs;
    this.#configured = wanted;
    await this.#reclaimDead(ctx);
  }

  async #attach(request: PodNetworkRequest, ctx: Context): Promise<PodNetworkStatus> {
    const { sandboxId, netns, pod, hostPorts } = request;
    const before = await this.#attachments.find(sandboxId);
    // A path of a dead process may have come to mean another namespace.
    const same = before !== undefined && netns !== undefined && (await inodeOf(netns)) === before.netnsInode;
    if (before?.ips && same) return { ips: before.ips };
    if (before) await this.#detach(sandboxId, netns ?? '', ctx);
    const status = this.status();
    if (!status.ready) throw new Error(`pod network is not ready: ${status.reason}`);
    if (netns === undefined) throw new Error(`sandbox ${sandboxId} does not run: it has no network namespace`);
    const note: Attachment = {
      sandboxId,
      pod,
      netns,
      netnsInode: (await stat(netns)).ino,
      hostPorts,
      ips: undefined,
      result: undefined,
    };
    await this.#attachments.put(note);
    try {
      const result = await this.#add(sandboxId, netns, this.#chain(hostPorts), ctx);
      const ips = addressesOf(result);
      await this.#attachments.put({ ...note, ips, result });
      return { ips };
    } catch (error) {
      // An aborted call leaves its note, and the next one cleans up.
      if (!ctx.signal.aborted) await this.#detach(sandboxId, netns, ctx).catch(() => {});
      throw error;
    }
  }

  async #add(sandboxId: string, netns: string, chain: readonly PluginConfig[], ctx: Context): Promise<CniResult> {
    const call = { pluginDir: this.#pluginDir, command: 'ADD', sandboxId, netns } as const;
    await callPlugin({ ...call, interfaceName: 'lo' }, loopbackConfig, ctx);
    let result: CniResult | undefined;
    for (const config of chain) {
      const given = result ? { ...config, prevResult: result } : config;
      result = await callPlugin({ ...call, interfaceName: 'eth0' }, given, ctx);
    }
    for (const link of hostEndsOf(result ?? {}, this.names.bridge)) await disableIPv6(link);
    return result ?? {};
  }

  /** Without a note nothing was wired. A namespace that is gone, or another's by now, is told to the plugins as none. */
  async #detach(sandboxId: string, netns: string, ctx: Context): Promise<void> {
    const note = await this.#attachments.find(sandboxId);
    if (!note) return;
    const path = netns === '' ? note.netns : netns;
    const alive = (await inodeOf(path)) === note.netnsInode;
    const call = {
      pluginDir: this.#pluginDir,
      command: 'DEL',
      sandboxId,
      netns: alive ? path : '',
      interfaceName: 'eth0',
    } as const;
    for (const config of [...this.#chain(note.hostPorts)].reverse()) {
      await callPlugin(call, note.result ? { ...config, prevResult: note.result } : config, ctx);
    }
    await this.#attachments.remove(sandboxId);
  }

  #chain(hostPorts: Attachment['hostPorts']): readonly PluginConfig[] {
    // Undoing needs no range of its own; the plugin only insists on one.
    const podCidrs = this.#podCidrs.length > 0 ? this.#podCidrs : ['10.0.0.0/24'];
    const mtu = this.options.mtu;
    return pluginChain({ names: this.names, podCidrs, leaseDir: this.#leaseDir, ...(mtu ? { mtu } : {}) }, hostPorts);
  }

  /** Notes whose namespace has died with its sandbox, e.g. while the machine was off. */
  async #reclaimDead(ctx: Context): Promise<void> {
    for (const { sandboxId, netns, netnsInode } of await this.#attachments.list()) {
      if ((await inodeOf(netns)) !== netnsInode) await this.#inTurn(sandboxId, () => this.#detach(sandboxId, '', ctx));
    }
  }

  async #foundPortmapChains(ctx: Context): Promise<boolean> {
    const noted = await this.#notedPortmap();
    if (noted !== undefined) return noted;
    const found = await hasPortmapChains(ctx);
    await this.#attachments.note('found-portmap-chains', String(found));
    return found;
  }

  async #notedPortmap(): Promise<boolean | undefined> {
    const text = await this.#attachments.noted('found-portmap-chains');
    return text === undefined ? undefined : text === 'true';
  }

  /** Two calls for one sandbox never overlap. */
  async #inTurn<T>(sandboxId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#busy.get(sandboxId) ?? Promise.resolve()).then(work, work);
    this.#busy.set(sandboxId, turn);
    try {
      return await turn;
    } finally {
      if (this.#busy.get(sandboxId) === turn) this.#busy.delete(sandboxId);
    }
  }
}

const inodeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );
