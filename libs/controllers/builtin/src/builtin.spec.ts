import type { Deployment, EndpointSlice, Endpoints, Node, Pod, ReplicaSet, Service } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { describe, expect, it } from 'vitest';
import { builtinCluster } from './shared/builtin-cluster.fixture.ts';
import { refs } from './shared/refs.ts';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const web = (image: string): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template(image) },
});

/** The real control plane with a deployment of three pods that run. */
async function withWeb(): Promise<TestCluster> {
  const cluster = await builtinCluster();
  await cluster.addNode('n1');
  await cluster.make<Deployment>(refs.deployments, web('a:1'));
  await cluster.converge();
  return cluster;
}
const remove = (cluster: TestCluster, propagationPolicy: 'Background' | 'Foreground' | 'Orphan') =>
  cluster.admin
    .resource(refs.deployments)
    .delete({ namespace: 'default', name: 'web' }, { propagationPolicy }, cluster.ctx);
const images = async (cluster: TestCluster) =>
  (await cluster.all<Pod>(refs.pods)).map((pod) => pod.spec?.containers[0]?.image);

describe('the builtin controllers together', () => {
  it('bring a deployment up, roll it over to a new template and keep its history', async () => {
    await using cluster = await withWeb();
    expect(await images(cluster)).toEqual(['a:1', 'a:1', 'a:1']);
    const [before] = await cluster.all<Deployment>(refs.deployments);
    expect(before?.status).toMatchObject({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(before?.status).not.toHaveProperty('unavailableReplicas');
    expect(before?.status?.conditions?.map((c) => `${c.type}=${c.status} ${c.reason}`).sort()).toEqual([
      'Available=True MinimumReplicasAvailable',
      'Progressing=True NewReplicaSetAvailable',
    ]);
    await cluster.patch(refs.deployments, 'web', { spec: { template: template('a:2') } });
    await cluster.converge();
    expect(await images(cluster)).toEqual(['a:2', 'a:2', 'a:2']);
    const sets = await cluster.all<ReplicaSet>(refs.replicaSets);
    const history = sets.map(({ spec, metadata }) => [
      metadata.annotations?.['deployment.kubernetes.io/revision'],
      spec?.replicas,
    ]);
    expect(history.sort()).toEqual([
      ['1', 0],
      ['2', 3],
    ]);
  });

  it('replace a pod that is deleted, with no more and no fewer than wanted', async () => {
    await using cluster = await withWeb();
    const [first] = await cluster.all<Pod>(refs.pods);
    const key = { namespace: 'default', name: first!.metadata.name! };
    await cluster.admin.resource(refs.pods).delete(key, {}, cluster.ctx);
    await cluster.converge();
    expect(await images(cluster)).toHaveLength(3);
    const created = cluster.traffic.writes.filter(({ resource, verb }) => resource === 'pods' && verb === 'create');
    expect(created).toHaveLength(4);
  });

  it('put ready pods behind their service', async () => {
    await using cluster = await withWeb();
    const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] };
    await cluster.make<Service>(refs.services, { metadata: { name: 'web' }, spec });
    await cluster.converge();
    const slices = await cluster.all<EndpointSlice>(refs.endpointSlices, 'default');
    expect(slices).toHaveLength(1);
    expect(slices[0]!.endpoints?.map(({ conditions }) => conditions?.ready)).toEqual([true, true, true]);
    expect(slices[0]!.ports).toMatchObject([{ port: 8080, protocol: 'TCP' }]);
    const [endpoints] = await cluster.all<Endpoints>(refs.endpoints, 'default');
    expect(endpoints!.subsets![0]!.addresses).toHaveLength(3);
  });

  it('empty a namespace before it goes, and give a new one its account and CA', async () => {
    await using cluster = await builtinCluster();
    await cluster.make(refs.namespaces, { metadata: { name: 'team' } });
    await cluster.converge();
    const inTeam = async () =>
      (await Promise.all([refs.serviceAccounts, refs.configMaps].map((ref) => cluster.all(ref, 'team')))).flat();
    expect((await inTeam()).map(({ metadata }) => metadata.name)).toEqual(['default', 'kube-root-ca.crt']);
    await cluster.admin.resource(refs.namespaces).delete({ name: 'team' }, {}, cluster.ctx);
    await cluster.converge();
    expect(await inTeam()).toEqual([]);
    expect(await cluster.find(refs.namespaces, 'team')).toBeUndefined();
  });

  it.each(['Background', 'Foreground'] as const)(
    'delete what belongs to a deployment that is deleted (%s)',
    async (policy) => {
      await using cluster = await withWeb();
      await remove(cluster, policy);
      await cluster.converge();
      for (const ref of [refs.deployments, refs.replicaSets, refs.pods]) expect(await cluster.all(ref)).toEqual([]);
    },
  );

  it('leave the sets of a deployment that is deleted with Orphan, and their pods', async () => {
    await using cluster = await withWeb();
    await remove(cluster, 'Orphan');
    await cluster.converge();
    expect(await cluster.all(refs.deployments)).toEqual([]);
    const sets = await cluster.all<KubeObject>(refs.replicaSets);
    expect(sets.map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
    expect(await images(cluster)).toHaveLength(3);
  });

  it('give each node a pod CIDR of its own', async () => {
    await using cluster = await builtinCluster();
    for (const name of ['a', 'b']) await cluster.addNode(name);
    await cluster.converge('a');
    const nodes = await cluster.all<Node>(refs.nodes);
    expect(nodes.map(({ spec }) => spec?.podCIDR).sort()).toEqual(['10.244.0.0/24', '10.244.1.0/24']);
  });
});
