import type { Controller } from '@kubernest/controllers/engine';
import type { Node } from '@kubernest/kinds';
import { TerminalError } from '@kubernest/kit';
import { recordsEvents, refs } from '../shared/refs.ts';
import { planPodCidr } from './node-ipam.plan.ts';

/** Gives every node its own part of the cluster's IPv4 CIDR. One key at a time: two nodes must not get the same. */
export function nodeIpam(clusterCidr: string, nodeMask = 24, given = new Map<string, string>()): Controller {
  return {
    name: 'node-ipam',
    serviceAccount: 'node-controller',
    reconciles: refs.nodes,
    watches: [{ ref: refs.nodes }],
    writes: [{ group: '', resource: 'nodes', verbs: ['patch'] }, recordsEvents],
    workers: 1,
    begin: () => nodeIpam(clusterCidr, nodeMask),
    async reconcile(name, ctx) {
      const informer = ctx.informers.of<Node>(refs.nodes);
      const node = informer.get(name);
      if (!node) given.delete(name);
      if (!node || node.spec?.podCIDR || node.metadata.deletionTimestamp) return 'done';
      const taken = new Set([
        ...given.values(),
        ...informer.list().flatMap(({ spec }) => spec?.podCIDRs ?? (spec?.podCIDR ? [spec.podCIDR] : [])),
      ]);
      const podCIDR = given.get(name) ?? planPodCidr(clusterCidr, nodeMask, taken);
      if (!podCIDR) {
        ctx.events.record(node, {
          type: 'Normal',
          reason: 'CIDRNotAvailable',
          message: `Node ${name} status is now: CIDRNotAvailable`,
        });
        throw new TerminalError(
          `no part of ${clusterCidr} is left for node ${name}: give the cluster a larger pod CIDR`,
        );
      }
      given.set(name, podCIDR);
      const body = { metadata: { uid: node.metadata.uid! }, spec: { podCIDR, podCIDRs: [podCIDR] } };
      await ctx.client.resource(refs.nodes).patch({ name }, { type: 'merge', body }, {}, ctx);
      return 'done';
    },
  };
}
