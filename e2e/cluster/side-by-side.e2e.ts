import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster } from './test-cluster.ts';
import { factsOf, tracesOf } from './traces.ts';

const serve = 'hostname > /tmp/index.html; trap exit TERM; httpd -f -p 8080 -h /tmp & wait';

/** What one cluster gave to a Deployment and its Service, each of the same name in both. */
interface Given {
  readonly cluster: TestCluster;
  readonly node: string;
  readonly pods: readonly string[];
  readonly podIp: string;
  readonly clusterIp: string;
  readonly nodePort: string;
}

let clusters: readonly TestCluster[] = [];
let given: readonly Given[];
const value = (cluster: TestCluster, what: string, path: string): Promise<string> =>
  cluster.kubectl('get', ...what.split(' '), '-o', `jsonpath=${path}`);
const page = async (url: string): Promise<string> =>
  (await (await fetch(url, { signal: AbortSignal.timeout(3000) })).text()).trim();

async function fill(cluster: TestCluster): Promise<Given> {
  await cluster.image('web:1', { command: ['/bin/sh', '-c', serve] });
  await cluster.kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=2');
  await cluster.kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080', '--type=NodePort');
  await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=50s');
  return {
    cluster,
    node: await value(cluster, 'nodes', '{.items[*].metadata.name}'),
    pods: (await value(cluster, 'pods', '{.items[*].metadata.name}')).split(' '),
    podIp: await value(cluster, 'pods', '{.items[0].status.podIP}'),
    clusterIp: await value(cluster, 'service web', '{.spec.clusterIP}'),
    nodePort: await value(cluster, 'service web', '{.spec.ports[0].nodePort}'),
  };
}

beforeAll(async () => {
  const started = await Promise.allSettled([TestCluster.start('e2e-left'), TestCluster.start('e2e-right')]);
  clusters = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const each of started) if (each.status === 'rejected') throw each.reason;
  given = await Promise.all(clusters.map(fill));
});
afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
});

describe('two clusters on one machine', () => {
  it('share no name, port or range', () => {
    const [left, right] = given.map((each) => {
      const facts = factsOf(each.cluster.dataDir);
      const range = (ip: string): string => ip.split('.').slice(0, 2).join('.');
      return [...Object.values(facts), each.node, range(each.podIp), range(each.clusterIp), each.nodePort].map(String);
    });
    // A cluster's index may be the number that the data format has.
    const [[format, name, ...own], [sameFormat, otherName, ...others]] = [left!, right!];
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((each) => each !== 'sqlite' && others.includes(each))).toEqual([]);
    expect([format, name, otherName]).toEqual([sameFormat, 'e2e-left', 'e2e-right']);
  });

  it('answer each with their own pods, at cluster IP and node port, from the node and from a pod', async () => {
    for (const { cluster, pods, clusterIp, nodePort } of given) {
      for (const url of [`http://${clusterIp}/`, `http://127.0.0.1:${nodePort}/`])
        expect(pods).toContain(await eventually(() => page(url)));
      const fromPod = await cluster.kubectl('exec', 'deployment/web', '--', 'wget', '-qO-', `http://${clusterIp}/`);
      expect(pods).toContain(fromPod.trim());
    }
  });

  it('leave each other alone when one is stopped, which leaves nothing', async () => {
    const [left, right] = given as [Given, Given];
    const state =
      '{.items[*].status.containerStatuses[*].containerID} {.items[*].status.containerStatuses[*].restartCount}';
    const before = await value(right.cluster, 'pods', state);
    expect(await left.cluster.kubernest('down')).toMatchObject({ code: 0, stderr: '' });
    expect(await tracesOf(left.cluster.dataDir, factsOf(left.cluster.dataDir).index)).toEqual([]);
    expect(await value(right.cluster, 'pods', state)).toBe(before);
    expect(right.pods).toContain(await page(`http://${right.clusterIp}/`));
    expect(right.pods).toContain(await page(`http://127.0.0.1:${right.nodePort}/`));
    await right.cluster.kubectl('run', 'later', '--image=web:1');
    await right.cluster.kubectl('wait', '--for=condition=Ready', 'pod/later', '--timeout=40s');
  });

  it('come back, each with its own', async () => {
    const [left] = given as [Given, Given];
    await left.cluster.up();
    await left.cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=50s');
    expect(await value(left.cluster, 'service web', '{.spec.clusterIP}')).toBe(left.clusterIp);
    expect(left.pods).toContain(await eventually(() => page(`http://${left.clusterIp}/`)));
  });
});
