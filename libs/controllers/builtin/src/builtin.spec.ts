import { createClient, createInformerSet } from '@kubernest/client';
import { MemoryApi } from '@kubernest/client/testing';
import { controllerEngine } from '@kubernest/controllers/engine';
import type { Deployment, EndpointSlice, Node, Pod, ReplicaSet, Service } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtinControllers } from './index.ts';
import { refs } from './shared/refs.ts';

const settled = async (clock: FakeClock, rounds = 40): Promise<void> => {
  for (let i = 0; i < rounds; i++) {
    for (let j = 0; j < 5; j++) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(50);
  }
};
const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const web = (image: string, replicas = 3): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: template(image),
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  },
});

async function world() {
  const clock = new FakeClock();
  const api = new MemoryApi(undefined, () => clock.now());
  const client = createClient(api);
  const start = async () => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
    const informers = createInformerSet(client);
    const { done } = await controllerEngine({
      controllers: builtinControllers({ rootCa: 'PEM', clusterCidr: '10.244.0.0/16' }),
      clientFor: () => client,
      informersFor: () => informers,
    }).start(ctx);
    return { ctx, controller, done };
  };
  const { ctx, controller, done } = await start();
  await client.resource(refs.namespaces).create({ metadata: { name: 'default' } }, {}, ctx);
  /** What kubelets would do: every pod runs and is ready, one on its way out ends. */
  const runPods = async () => {
    for (const pod of api.all<Pod>('pods')) {
      const { name, namespace, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp)
        await client.resource(refs.pods).delete({ namespace, name: name! }, { gracePeriodSeconds: 0 }, ctx);
      else if (!pod.status) {
        const ip = `10.0.0.${Number(pod.metadata.uid!.slice(4)) % 250}`;
        const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
        await client
          .resource(refs.pods)
          .updateStatus(
            { ...pod, status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions } } as KubeObject,
            {},
            ctx,
          );
      }
    }
  };
  const converge = async () => {
    for (let i = 0; i < 8; i++) {
      await settled(clock, 8);
      await runPods();
    }
    await settled(clock);
  };
  return { api, client, ctx, clock, converge, start, controller, done };
}

describe('the builtin controllers together', () => {
  it('bring a deployment up, roll it over to a new template and keep its history', async () => {
    const { api, client, ctx, converge } = await world();
    await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
    await converge();
    expect(api.all<Pod>('pods').map((pod) => pod.spec?.containers[0]?.image)).toEqual(['a:1', 'a:1', 'a:1']);
    const [before] = api.all<Deployment>('deployments');
    expect(before?.status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 0,
    });
    expect(before?.status?.conditions?.map((c) => `${c.type}=${c.status} ${c.reason}`).sort()).toEqual([
      'Available=True MinimumReplicasAvailable',
      'Progressing=True NewReplicaSetAvailable',
    ]);
    await client.resource<Deployment>(refs.deployments).update({ ...before!, spec: web('a:2').spec }, {}, ctx);
    await converge();
    expect(api.all<Pod>('pods').map((pod) => pod.spec?.containers[0]?.image)).toEqual(['a:2', 'a:2', 'a:2']);
    expect(
      api
        .all<ReplicaSet>('replicasets')
        .map((set) => [set.spec?.replicas, set.metadata.annotations?.['deployment.kubernetes.io/revision']]),
    ).toEqual([
      [0, '1'],
      [3, '2'],
    ]);
  });

  it('replace a pod that is deleted, with no more and no fewer than wanted', async () => {
    const { api, client, ctx, converge } = await world();
    await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
    await converge();
    await client
      .resource(refs.pods)
      .delete({ namespace: 'default', name: api.all('pods')[0]!.metadata.name! }, {}, ctx);
    await converge();
    expect(api.all('pods')).toHaveLength(3);
    expect(api.writes.filter((write) => write.resource === 'pods' && write.verb === 'create')).toHaveLength(4);
  });

  it('put ready pods behind their service', async () => {
    const { api, client, ctx, converge } = await world();
    const service = {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        clusterIP: '10.96.0.9',
        selector: { app: 'web' },
        ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    } as Service;
    await client.resource(refs.services).create(service, {}, ctx);
    await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
    await converge();
    const slices = api.all<EndpointSlice>('endpointslices');
    expect(slices).toHaveLength(1);
    expect(slices[0]!.endpoints.map((endpoint) => endpoint.conditions?.ready)).toEqual([true, true, true]);
    expect(slices[0]!.ports).toMatchObject([{ port: 8080, protocol: 'TCP' }]);
    expect(
      api.all<KubeObject & { subsets: { addresses: unknown[] }[] }>('endpoints')[0]!.subsets[0]!.addresses,
    ).toHaveLength(3);
  });

  it('empty a namespace before it goes, and give a new one its account and CA', async () => {
    const { api, client, ctx, converge } = await world();
    await converge();
    expect(api.all('serviceaccounts').map((o) => o.metadata.name)).toEqual(['default']);
    expect(api.all('configmaps').map((o) => o.metadata.name)).toEqual(['kube-root-ca.crt']);
    await client.resource(refs.namespaces).delete({ name: 'default' }, {}, ctx);
    await converge();
    for (const kind of ['serviceaccounts', 'configmaps', 'namespaces']) expect(api.all(kind)).toEqual([]);
  });

  it.each(['Background', 'Foreground'] as const)(
    'delete what belongs to a deployment that is deleted (%s)',
    async (propagationPolicy) => {
      const { api, client, ctx, converge } = await world();
      await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
      await converge();
      await client.resource(refs.deployments).delete({ namespace: 'default', name: 'web' }, { propagationPolicy }, ctx);
      await converge();
      for (const kind of ['deployments', 'replicasets', 'pods']) expect(api.all(kind)).toEqual([]);
    },
  );

  it('leave the sets of a deployment that is deleted with Orphan, and their pods', async () => {
    const { api, client, ctx, converge } = await world();
    await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
    await converge();
    await client
      .resource(refs.deployments)
      .delete({ namespace: 'default', name: 'web' }, { propagationPolicy: 'Orphan' }, ctx);
    await converge();
    expect(api.all('deployments')).toEqual([]);
    expect(api.all('replicasets').map((set) => set.metadata.ownerReferences)).toEqual([[]]);
    expect(api.all('pods')).toHaveLength(3);
  });

  it('give each node a pod CIDR of its own', async () => {
    const { api, client, ctx, converge } = await world();
    for (const name of ['a', 'b']) await client.resource(refs.nodes).create({ metadata: { name } }, {}, ctx);
    await converge();
    expect(api.all<Node>('nodes').map((node) => node.spec?.podCIDR)).toEqual(['10.244.0.0/24', '10.244.1.0/24']);
  });

  it('write nothing when they are started again on what they left', async () => {
    const { api, client, ctx, clock, converge, start, controller, done } = await world();
    await client.resource(refs.deployments).create(web('a:1'), {}, ctx);
    await converge();
    controller.abort();
    await done;
    const written = api.writes.length;
    await start();
    await settled(clock);
    expect(api.writes.slice(written)).toEqual([]);
  });
});
