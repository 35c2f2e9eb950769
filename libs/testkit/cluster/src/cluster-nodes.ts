import type { Node, Pod } from '@kubernest/kinds';
import { type KubeObject, StatusError, wireMicroTime, wireTime } from '@kubernest/meta';
import { ClusterObjects } from './cluster-objects.ts';

const core = (resource: string) => ({ group: '', version: 'v1', resource });
const leasesRef = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };

/** Nodes whose agents are only played: they renew their Leases and say that pods run when a spec has them do it. */
export class ClusterNodes extends ClusterObjects {
  async addNode(name: string): Promise<void> {
    const nodes = this.admin.resource<Node>(core('nodes'));
    await nodes.create({ metadata: { name } }, {}, this.ctx);
    const now = wireTime(this.clock.now());
    const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: now, lastTransitionTime: now }];
    // A patch, as a kubelet sends it: controllers may have written meanwhile.
    const patch = { type: 'strategic', body: { status: { conditions } }, subresource: 'status' } as const;
    await nodes.patch({ name }, patch, {}, this.ctx);
    await this.renew(name);
  }

  async renew(name: string): Promise<void> {
    const leases = this.admin.resource(leasesRef);
    const key = { namespace: 'kube-node-lease', name };
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: wireMicroTime(this.clock.now()) };
    const body = { spec };
    await leases.patch(key, { type: 'merge', body }, {}, this.ctx).catch(async (error: unknown) => {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      await leases.create({ metadata: key, spec } as KubeObject, {}, this.ctx);
    });
  }

  /** What scheduler and kubelet do: every pod is bound to `node`, runs and is ready; one on its way out ends. */
  async runPods(node: string): Promise<void> {
    const api = this.admin.resource<Pod>(core('pods'));
    for (const pod of await this.all<Pod>(core('pods'))) {
      const key = { namespace: pod.metadata.namespace!, name: pod.metadata.name! };
      if (pod.metadata.deletionTimestamp) await api.delete(key, { gracePeriodSeconds: 0 }, this.ctx).catch(() => {});
      else if (!pod.spec?.nodeName)
        await api.subresource(
          key,
          'binding',
          'POST',
          { metadata: { name: key.name }, target: { kind: 'Node', name: node } },
          this.ctx,
        );
      else if (pod.status?.phase !== 'Running') {
        const ip = `10.244.0.${(Number.parseInt(pod.metadata.uid!.slice(0, 6), 16) % 250) + 1}`;
        const conditions = [
          { type: 'Ready', status: 'True', lastTransitionTime: wireTime(this.clock.now()) },
          { type: 'PodScheduled', status: 'True' },
        ];
        const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions };
        await api.updateStatus({ ...pod, status }, {}, this.ctx);
      }
    }
  }

  /** Until a while has passed without a write of a controller. */
  async converge(node = 'n1'): Promise<void> {
    for (let quiet = 0, rounds = 0; quiet < 3; rounds++) {
      if (rounds > 60)
        throw new Error(`does not settle; last writes: ${JSON.stringify(this.traffic.writes.slice(-5))}`);
      const before = this.traffic.writes.length;
      await this.#renewAll();
      await this.runPods(node);
      await this.pass(1_600);
      quiet = this.traffic.writes.length === before ? quiet + 1 : 0;
    }
  }

  async #renewAll(): Promise<void> {
    for (const lease of await this.all(leasesRef, 'kube-node-lease')) await this.renew(lease.metadata.name!);
  }
}
