import { readdirSync } from 'node:fs';
import type { Deployment, EndpointSlice, Node, Pod, ReplicaSet, Service } from '@kubernest/kinds';
import { conflict } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { describe, expect, it } from 'vitest';
import { builtinCluster, testControllers } from './shared/builtin-cluster.fixture.ts';
import { refs } from './shared/refs.ts';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const web = (namespace: string, image = 'a:1'): Deployment => ({
  metadata: { name: 'web', namespace },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template(image) },
});
const service = (namespace: string): Service => ({
  metadata: { name: 'web', namespace },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
});

/** Touches every controller: accounts, roll-out, endpoints, a node, and what goes again. */
async function life(cluster: TestCluster): Promise<void> {
  const { admin, ctx } = cluster;
  await cluster.addNode('n1');
  for (const name of ['stays', 'goes']) {
    await admin.resource(refs.namespaces).create({ metadata: { name } }, {}, ctx);
    await admin.resource(refs.services).create(service(name), {}, ctx);
    await admin.resource(refs.deployments).create(web(name), {}, ctx);
  }
  await cluster.converge();
  const stays = { namespace: 'stays', name: 'web' };
  const body = { spec: { template: template('a:2') } };
  await admin.resource(refs.deployments).patch(stays, { type: 'strategic', body }, {}, ctx);
  await admin.resource(refs.namespaces).delete({ name: 'goes' }, {}, ctx);
  await cluster.converge();
}

async function facts(cluster: TestCluster) {
  const pods = await cluster.all<Pod>(refs.pods);
  const sets = await cluster.all<ReplicaSet>(refs.replicaSets);
  const [deployment] = await cluster.all<Deployment>(refs.deployments);
  const slices = await cluster.all<EndpointSlice>(refs.endpointSlices);
  const [node] = await cluster.all<Node>(refs.nodes);
  const accounts = await cluster.all(refs.serviceAccounts);
  return {
    images: pods.map((pod) => pod.spec?.containers[0]?.image),
    sets: sets
      .map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'], set.spec?.replicas])
      .sort(),
    available: deployment?.status?.availableReplicas,
    endpoints: slices.flatMap((slice) => slice.endpoints?.map((endpoint) => endpoint.conditions?.ready)),
    ports: slices.flatMap((slice) => slice.ports?.map(({ port }) => port)),
    node: [node?.spec?.podCIDR, node?.spec?.taints ?? []],
    namespaces: (await cluster.all(refs.namespaces)).map(({ metadata }) => metadata.name).sort(),
    accounts: accounts.filter(({ metadata }) => metadata.name === 'default').length,
    roots: (await cluster.all(refs.configMaps)).map(({ metadata }) => metadata.name),
  };
}

const converged = {
  images: ['a:2', 'a:2', 'a:2'],
  sets: [
    ['1', 0],
    ['2', 3],
  ],
  available: 3,
  endpoints: [true, true, true],
  ports: [8080],
  node: ['10.244.0.0/24', []],
  namespaces: ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'stays'],
  accounts: 5,
  roots: Array.from({ length: 5 }, () => 'kube-root-ca.crt'),
};

it('the list names every folder, and no other', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !['shared', 'kubernetes-service'].includes(each.name))
    .map((each) => each.name);
  expect(testControllers.map(({ name }) => name).sort()).toEqual(folders.sort());
});

describe('all controllers on the real control plane, each as its own account', () => {
  it('do their work, write only what they declared and are refused nothing; started again they write nothing', async () => {
    await using cluster = await builtinCluster();
    await life(cluster);
    expect(await facts(cluster)).toEqual(converged);
    expect(undeclared(cluster)).toEqual([]);
    expect(unexpected(cluster.traffic.refusals)).toEqual([]);
    await cluster.stop();
    const written = cluster.traffic.writes.length;
    await cluster.run();
    await cluster.pass(5_000);
    expect(cluster.traffic.writes.slice(written)).toEqual([]);
  });

  // Each is a whole life: every write takes minutes (KUBERNEST_EVERY_WRITE=1), so a run samples them.
  const step = process.env.KUBERNEST_EVERY_WRITE ? 1 : 11;
  it('converge when a write is refused with a conflict, whichever it is', { timeout: 1_320_000 / step }, async () => {
    await using probe = await builtinCluster();
    await life(probe);
    const total = probe.traffic.writes.length;
    for (let nth = 1; nth <= total; nth += step) {
      await using cluster = await builtinCluster();
      cluster.traffic.beforeWrite = ({ group, resource, path }) => {
        if (cluster.traffic.writes.length === nth)
          throw conflict({ group, resource, name: path }, 'somebody else was first');
      };
      await life(cluster);
      expect(await facts(cluster), `conflict on write ${nth}`).toEqual(converged);
    }
  });
});

/** Events travel beside: whoever writes them may do so by every role. */
function undeclared(cluster: TestCluster): readonly string[] {
  const allowed = new Set(
    testControllers.flatMap(({ serviceAccount, writes }) =>
      writes.flatMap(({ group, resource, verbs }) =>
        verbs.map((verb) => `${serviceAccount} ${verb} ${group}/${resource}`),
      ),
    ),
  );
  return cluster.traffic.writes
    .map((write) => [write, `${write.account} ${write.verb} ${write.group}/${write.resource}`] as const)
    .filter(([write, line]) => {
      const any = `${write.account} ${write.verb} */*`;
      return !allowed.has(line) && !allowed.has(any);
    })
    .map(([, line]) => line);
}

/** A pod may be made before its namespace's account is there, and in a namespace that goes nothing may be made. */
const unexpected = (refusals: readonly string[]): readonly string[] =>
  refusals.filter((line) => !/error looking up service account|being terminated/.test(line));
