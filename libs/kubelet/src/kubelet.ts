import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Client, createEventRecorder, type InformerSet } from '@kubernest/client';
import { type Context, type Current, kubernetesVersion, type Milliseconds, type Runnable } from '@kubernest/kit';
import type { ContainerRuntime, PodNetwork } from '@kubernest/runtime/contract';
import { type CgroupOptions, PodCgroups } from './cgroups/pod-cgroups.ts';
import { PodEventRecorder } from './events/pod-events.ts';
import { Images } from './images/images.ts';
import { LogLinks } from './logs/log-links.ts';
import { NetworkSetup } from './network/network-setup.ts';
import type { DnsSettings, MachineResolver } from './network/resolv-conf.ts';
import { ResolvFiles } from './network/resolv-files.ts';
import { readMachine } from './node/node-facts.ts';
import { NodeKeeper } from './node/node-keeper.ts';
import { keepLease } from './node/node-lease.ts';
import type { NodeFacts } from './node/node-object.ts';
import { followRuntime } from './pods/follow-runtime.ts';
import type { NodeParts } from './pods/node-parts.ts';
import { PodWorkers } from './pods/pod-workers.ts';
import { RuntimeView } from './pods/runtime-view.ts';
import { SWEEP_EVERY, Sweep } from './pods/sweep.ts';
import { SelectedObjects } from './source/selected.ts';
import { PodTokens } from './source/tokens.ts';
import { WatchedObjects } from './source/watched-objects.ts';
import { type NodeServerTls, serveNode } from './streams/node-server.ts';
import { NODES, type Node, PODS, type Pod, SERVICES, type ServiceObject } from './types.ts';
import type { Mounter } from './volumes/volume.ts';

export interface KubeletOptions {
  readonly client: Client;
  readonly informers: InformerSet;
  readonly runtime: ContainerRuntime;
  readonly network: PodNetwork;
  readonly nodeName: string;
  /** The machine's addresses, the first is the one that others use. */
  readonly nodeIPs: readonly string[];
  readonly dirs: { readonly data: string; readonly logs: string };
  readonly dns: DnsSettings;
  /** What the machine asks for names, replaced when that changes; see `followedMachineResolver`. */
  readonly resolver: Current<MachineResolver>;
  readonly mounter: Mounter;
  /** Undefined: no HTTPS API (simulated nodes). Port 0 takes a free one. */
  readonly server?: {
    readonly port: number;
    readonly tls: Current<NodeServerTls>;
    /** Begins once the Node is there and runs until aborted: keeps `tls` good. */
    readonly keep?: (ctx: Context) => Promise<void>;
  };
  /** Undefined: pods get no cgroups of their own. */
  readonly cgroups?: CgroupOptions;
  readonly clusterCidr?: string;
  readonly version?: string;
  readonly maxPods?: number;
  /** How often it looks for what pods left by faults that it knows nothing of. */
  readonly sweepEvery?: Milliseconds;
  readonly log?: { readonly maxBytes: number; readonly maxFiles: number };
}

/** A machine's agent: registers its Node, runs the pods bound to it, reports, and answers for logs and commands. Stopping it stops no container. */
export function createKubelet(options: KubeletOptions): Runnable {
  return { name: 'kubelet', start: (ctx) => startKubelet(options, ctx) };
}

async function startKubelet(options: KubeletOptions, ctx: Context): Promise<{ readonly done: Promise<void> }> {
  const { client, runtime, nodeName, dirs } = options;
  await mkdir(join(dirs.data, 'pods'), { recursive: true, mode: 0o700 });
  const links = new LogLinks(dirs.logs);
  const background: Promise<unknown>[] = [];
  let keeper: NodeKeeper | undefined;
  const view = new RuntimeView(
    runtime,
    (uid) => workers.wake(uid),
    () => keeper?.changed(),
  );
  const parts = nodeParts(
    { options, view, links, objectsChanged: (uid) => workers.objectsChanged(uid), node: () => keeper?.node },
    ctx,
  );
  const workers = new PodWorkers(parts, ctx);
  const port = options.server ? await serveNode({ ...options.server, parts, workers, client, background }, ctx) : 0;
  const nodeKeeper = new NodeKeeper(client, nodeName, (c) => nodeFacts(options, view, port, c));
  keeper = nodeKeeper;
  const started = runtimeSynced(view, background, ctx);
  await nodeKeeper.register(ctx);
  if (options.server?.keep) background.push(options.server.keep(ctx));
  const setup = new NetworkSetup(options.network, options.clusterCidr, () => nodeKeeper.changed());
  const nodes = ownNode(options, { keeper: nodeKeeper, setup }, ctx);
  const pods = ownPods(options, workers);
  background.push(
    nodes.run(ctx),
    pods.run(ctx),
    reportWhenKnown(view, { keeper: nodeKeeper, setup }, ctx),
    keepLease(client, nodeName, () => nodeKeeper.node?.metadata.uid, ctx),
  );
  const known = Promise.all([started, pods.whenSynced(ctx.signal), nodes.whenSynced(ctx.signal)]);
  background.push(
    known.then(
      async () => {
        const node = nodes.get(nodeName);
        // Pods wait for their network; host network pods of a node that never gets one would wait too, so for one try only.
        if (node) await setup.configure(node, ctx);
        if (ctx.signal.aborted) return;
        // Nothing is judged an orphan before both sides are known.
        workers.begin();
        const resolvFiles = parts.resolv.run({ pods: () => workers.pods, podDir: parts.podDir }, ctx);
        await Promise.all([new Sweep(parts, workers, options.sweepEvery ?? SWEEP_EVERY).run(ctx), resolvFiles]);
      },
      () => {},
    ),
  );
  return { done: Promise.all(background).then(() => {}) };
}

/** What follows this machine's Node. */
interface KeptNode {
  readonly keeper: NodeKeeper;
  readonly setup: NetworkSetup;
}

/** This machine's Node, as the API has it. */
const ownNode = (options: KubeletOptions, { keeper, setup }: KeptNode, ctx: Context): SelectedObjects<Node> =>
  new SelectedObjects<Node>(
    options.client,
    NODES,
    { fieldSelector: `metadata.name=${options.nodeName}` },
    (_key, node) => {
      keeper.seen(node);
      if (node) void setup.configure(node, ctx);
    },
  );

/** The pods that are bound to it. */
const ownPods = ({ client, nodeName }: KubeletOptions, workers: PodWorkers): SelectedObjects<Pod> =>
  new SelectedObjects<Pod>(client, PODS, { fieldSelector: `spec.nodeName=${nodeName}` }, (_key, pod, old) =>
    workers.changed(pod, old),
  );

/** How long the node's first report waits for an engine that does not answer. */
const FIRST_LOOK: Milliseconds = 5_000;

/** A node that was ready stays so while its agent starts again: it says what it found, not that it has not looked yet. */
async function reportWhenKnown(view: RuntimeView, { keeper, setup }: KeptNode, ctx: Context): Promise<void> {
  await Promise.race([view.firstLook, ctx.clock.sleep(FIRST_LOOK, ctx.signal).catch(() => {})]);
  if (keeper.node) await setup.configure(keeper.node, ctx);
  await keeper.run(ctx);
}

function runtimeSynced(view: RuntimeView, background: Promise<unknown>[], ctx: Context): Promise<void> {
  return new Promise((resolve) => background.push(followRuntime(view, ctx, resolve)));
}

async function nodeFacts(options: KubeletOptions, view: RuntimeView, port: number, ctx: Context): Promise<NodeFacts> {
  const machine = await readMachine(options.runtime, options.dirs.data, ctx);
  const network = options.network.status();
  const problems = [
    ...(machine.runtime && view.available ? [] : ['container runtime is down']),
    ...(network.ready ? [] : [`container runtime network not ready: ${network.reason}`]),
  ];
  return {
    name: options.nodeName,
    ips: options.nodeIPs,
    port,
    maxPods: options.maxPods ?? 110,
    machine,
    problems,
    version: options.version ?? kubernetesVersion.gitVersion,
    now: ctx.clock.now(),
  };
}

interface Assembled {
  readonly options: KubeletOptions;
  readonly view: RuntimeView;
  readonly links: LogLinks;
  objectsChanged(podUid: string): void;
  node(): Node | undefined;
}

function nodeParts({ options, view, links, objectsChanged, node }: Assembled, ctx: Context): NodeParts {
  const { client, runtime, network, nodeName, mounter, dns, dirs } = options;
  const services = options.informers.of<ServiceObject>(SERVICES);
  const podsDir = join(dirs.data, 'pods');
  return {
    client,
    runtime,
    view,
    network,
    links,
    nodeName,
    mounter,
    dns,
    resolv: new ResolvFiles({ dns, machine: options.resolver, services }),
    cgroups: options.cgroups && new PodCgroups(options.cgroups, runtime),
    images: new Images(runtime),
    events: new PodEventRecorder(createEventRecorder({ component: 'kubelet', host: nodeName, client }, ctx)),
    objects: new WatchedObjects(client, objectsChanged, ctx),
    tokens: new PodTokens(client),
    async services(namespace, c) {
      await services.whenSynced(c.signal);
      return services.list(namespace);
    },
    hostIPs: options.nodeIPs,
    nodeMemoryBytes: totalmem(),
    allocatable: () => (node()?.status?.allocatable ?? {}) as Record<string, string>,
    seccompDir: join(dirs.data, 'seccomp'),
    podsDir,
    podDir: (uid) => join(podsDir, uid),
    log: options.log ?? { maxBytes: 10 * 2 ** 20, maxFiles: 5 },
  };
}
