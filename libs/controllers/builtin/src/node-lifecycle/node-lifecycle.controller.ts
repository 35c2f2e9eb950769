import type { Controller, ControllerContext, Watch } from '@kubernest/controllers/engine';
import type { Lease, Node, Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { podsOn } from '../shared/node-pods.ts';
import { recordsEvents, refs } from '../shared/refs.ts';
import {
  isNodeReady,
  mayBeSilentFor,
  planSilentConditions,
  planTaints,
  planUnreachablePod,
  readyOf,
} from './node-lifecycle.plan.ts';
import { SignsOfLife } from './signs-of-life.ts';

const LEASES = 'kube-node-lease';

/** A node that is older when it is first seen was introduced by an earlier leader. */
const NEW_WITHIN: Milliseconds = 10_000;

/** Watches over kubelets: what a silent one said last is not believed, and a node's conditions become its taints. */
export function nodeLifecycle(signs = new SignsOfLife()): Controller {
  return {
    name: 'node-lifecycle',
    serviceAccount: 'node-controller',
    reconciles: refs.nodes,
    watches: [
      { ref: refs.nodes, keys: (node, informers) => [node.metadata.name!, ...unready(informers)] } satisfies Watch,
      {
        ref: refs.leases,
        keys: ({ metadata: { namespace, name } }) => (namespace === LEASES ? [name!] : []),
      },
      {
        ref: refs.pods,
        keys: (pod, informers) => {
          const { nodeName } = (pod as Pod).spec ?? {};
          const node = nodeName ? informers.of<Node>(refs.nodes).get(nodeName) : undefined;
          return node && readyOf(node)?.status === 'Unknown' ? [nodeName!] : [];
        },
      },
    ],
    writes: [
      { group: '', resource: 'nodes', verbs: ['patch'] },
      { group: '', resource: 'nodes/status', verbs: ['update'] },
      { group: '', resource: 'pods/status', verbs: ['update'] },
      recordsEvents,
    ],
    begin: () => nodeLifecycle(),
    async reconcile(name, ctx) {
      const node = ctx.informers.of<Node>(refs.nodes).get(name);
      introduce(name, node, signs.lastSeen(name), ctx);
      if (!node) signs.forget(name);
      if (!node || node.metadata.deletionTimestamp) return 'done';
      const rest = await patienceWith(node, signs, ctx);
      const judged = rest === 0 ? await markSilent(node, ctx) : node;
      await taint(judged, ctx);
      // A kubelet that gives signs of life speaks for its pods, also while its node is not ready, and would take back what is said of them.
      if (rest === 0) await markPods(judged, ctx);
      return rest > 0 ? { againAfter: rest } : 'done';
    },
  };
}

/** They may have to wait with evictions, or go on with them, when another node changes. */
function unready(informers: ControllerContext['informers']): readonly string[] {
  const nodes = informers.of<Node>(refs.nodes).list();
  return nodes.filter((node) => !isNodeReady(node)).map(({ metadata }) => metadata.name!);
}

/** Tells of nodes that come and go. */
function introduce(name: string, node: Node | undefined, seen: Node | undefined, ctx: ControllerContext): void {
  const age = ctx.clock.now().getTime() - Date.parse(node?.metadata.creationTimestamp ?? '');
  if (node && !seen && age < NEW_WITHIN)
    tell(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`, ctx);
  if (!node && seen) tell(seen, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`, ctx);
}

/** How long it may still be silent. A cache may be behind: before a node is given up, its Lease is asked for. */
async function patienceWith(node: Node, signs: SignsOfLife, ctx: ControllerContext): Promise<Milliseconds> {
  const { name = '' } = node.metadata;
  const cached = ctx.informers.of<Lease>(refs.leases).get(`${LEASES}/${name}`);
  const rest = mayBeSilentFor(node, signs.silence(node, cached, ctx));
  if (rest > 0 || readyOf(node)?.status === 'Unknown') return rest;
  return mayBeSilentFor(node, signs.silence(node, await fetchLease(name, ctx), ctx));
}

async function fetchLease(name: string, ctx: ControllerContext): Promise<Lease | undefined> {
  try {
    return await ctx.client.resource<Lease>(refs.leases).fetch({ namespace: LEASES, name }, ctx);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function markSilent(node: Node, ctx: ControllerContext): Promise<Node> {
  const conditions = planSilentConditions(node, ctx.clock.now());
  if (!conditions) return node;
  const wasReady = isNodeReady(node);
  const written = await ctx.client
    .resource<Node>(refs.nodes)
    .updateStatus({ ...node, status: { ...node.status, conditions: [...conditions] } }, {}, ctx);
  if (wasReady) tell(node, 'NodeNotReady', `Node ${node.metadata.name} status is now: NodeNotReady`, ctx);
  return written;
}

const tell = (node: Node, reason: string, message: string, ctx: ControllerContext): void =>
  ctx.events.record(node, { type: 'Normal', reason, message });

async function taint(node: Node, ctx: ControllerContext): Promise<void> {
  const { name, uid, resourceVersion } = node.metadata;
  // When every node looks lost, it is rather this process that is cut off: nothing is evicted then.
  const mayEvict = ctx.informers.of<Node>(refs.nodes).list().some(isNodeReady);
  const taints = planTaints(node, mayEvict, ctx.clock.now());
  if (!taints) return;
  const body = { metadata: { uid: uid!, resourceVersion: resourceVersion! }, spec: { taints: taints as never } };
  await ctx.client.resource(refs.nodes).patch({ name: name! }, { type: 'merge', body }, {}, ctx);
}

async function markPods(node: Node, ctx: ControllerContext): Promise<void> {
  for (const pod of podsOn(node.metadata.name!, ctx.informers)) {
    const conditions = planUnreachablePod(pod, ctx.clock.now());
    if (!conditions) continue;
    await ctx.client
      .resource<Pod>(refs.pods)
      .updateStatus({ ...pod, status: { ...pod.status, conditions: [...conditions] } }, {}, ctx)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    ctx.events.record(pod, { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' });
  }
}
