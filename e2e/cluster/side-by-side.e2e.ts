import { once } from 'node:events';
import { createServer } from 'node:net';
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

/** Takes the port for a moment. */
async function listening(port: number): Promise<void> {
  const server = createServer().listen({ port, host: '0.0.0.0', exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

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
  const started = await Promise.allSettled([
    TestCluster.startByDefault('e2e-left'),
    TestCluster.startByDefault('e2e-right'),
  ]);
  clusters = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const each of started) if (each.status === 'rejected') throw each.reason;
  given = await Promise.all(clusters.map(fill));
});
afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster[Symbol.asyncDispose]()));
});

describe('two clusters on one machine', () => {
  it('share no name, no range of addresses and no port that they hand out', () => {
    const [left, right] = given.map((each) => {
      const facts = factsOf(each.cluster.dataDir);
      const range = (ip: string): string => ip.split('.').slice(0, 2).join('.');
      const { nodePorts, store: _1, runtime: _2, hollowNodes: _3, ...apart } = facts;
      expect(nodePorts).toBe('30000-32767');
      return [...Object.values(apart), each.node, range(each.podIp), range(each.clusterIp), each.nodePort].map(String);
    });
    // A cluster's index may be the number that the data format has.
    const [[format, name, ...own], [sameFormat, otherName, ...others]] = [left!, right!];
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((each) => others.includes(each))).toEqual([]);
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

  it('have node ports of manifests in common: the first has one, the second says so and gets it when it is given up', async () => {
    const [left, right] = given as [Given, Given];
    const nodePort = 30080;
    const fixed = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'fixed' },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort }] },
    };
    const reasons = (cluster: TestCluster) =>
      value(cluster, 'events --field-selector=involvedObject.name=fixed', '{.items[*].reason}');
    const answers = async (pods: readonly string[]) =>
      expect(pods).toContain(await page(`http://127.0.0.1:${nodePort}/`));
    await left.cluster.apply(fixed);
    await eventually(() => answers(left.pods));
    await right.cluster.apply(fixed);
    await eventually(async () => expect(await reasons(right.cluster)).toBe('NodePortUnavailable'));
    const line = `ports   default/fixed: node port ${nodePort}/TCP is in use by another program or cluster`;
    expect((await right.cluster.kubernest('status')).stdout).toContain(line);
    expect((await left.cluster.kubernest('status')).stdout).not.toContain('ports   ');
    await answers(left.pods);
    const asked = await right.cluster.kubernest('service', 'fixed');
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    const inside = /from this machine at (http:\S+),/.exec(asked.stderr)?.[1];
    await eventually(async () => expect(right.pods).toContain(await page(inside!)));
    expect((await left.cluster.kubernest('service', 'fixed')).stdout).toMatch(new RegExp(`:${nodePort}\n$`));
    await left.cluster.kubectl('delete', 'service', 'fixed');
    await eventually(() => answers(right.pods));
    expect((await reasons(right.cluster)).split(' ').toSorted()).toEqual(['NodePortAvailable', 'NodePortUnavailable']);
    expect((await right.cluster.kubernest('status')).stdout).not.toContain('ports   ');
  });

  it('refuse connections to a node port that nobody serves', async () => {
    const [left] = given as [Given, Given];
    const [nobody, nodePort] = ['nobody', 30081];
    await left.cluster.kubectl('create', 'service', 'nodeport', nobody, '--tcp=80', `--node-port=${nodePort}`);
    // Held (no program can take it) and yet silent.
    await eventually(() => expect(listening(nodePort)).rejects.toThrow('EADDRINUSE'));
    await eventually(() =>
      expect(fetch(`http://127.0.0.1:${nodePort}/`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } }),
    );
    await left.cluster.kubectl('delete', 'service', nobody);
    await eventually(() => listening(nodePort));
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
