import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCluster } from '../../e2e/cluster/test-cluster.ts';
import { BareEngine } from '../ceiling/bare-engine.ts';
import { interleave } from '../rounds.ts';
import type { Bound, LoneMeasurement, Row, Run } from '../row.ts';
import { adminCredentials, portOf } from '../subject/api-process.ts';
import { startEtcd } from '../subject/etcd-process.ts';
import { forAll, HttpsClient } from '../subject/https.ts';
import { PodWatch } from '../subject/pod-watch.ts';

const image = 'bench-idle:1';
const path = '/api/v1/namespaces/default/pods';

const manifest = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image, imagePullPolicy: 'Never' }] },
});

/** Milliseconds from the first POST until a watcher was told that the last of them is Ready. */
async function untilReady(client: HttpsClient, names: readonly string[]): Promise<number> {
  using watch = await PodWatch.open(client, path);
  const begun = performance.now();
  await forAll(names.length, names.length, (i) => client.ask('POST', path, manifest(names[i]!)));
  await watch.ready(names);
  const took = performance.now() - begun;
  await forAll(names.length, 4, (i) => client.ask('DELETE', `${path}/${names[i]}`));
  await watch.gone(names);
  return took;
}

async function bareRuns(engine: BareEngine, pods: number): Promise<number> {
  const begun = performance.now();
  await forAll(pods, pods, () => engine.runPair(image));
  const took = performance.now() - begun;
  await engine.removeAll();
  return took;
}

interface Batch {
  readonly what: string;
  readonly pods: number;
  readonly bound: Bound;
}
const batches: readonly Batch[] = [
  { what: 'one pod to Ready', pods: 1, bound: { by: 'ratio', limit: 1, better: 'less' } },
  { what: '20 pods at once to Ready', pods: 20, bound: { by: 'ratio', limit: 1, better: 'less' } },
];

async function measure(batch: Batch, rounds: number, client: HttpsClient, engine: BareEngine): Promise<Row> {
  const namesOf = (round: number): string[] =>
    Array.from({ length: batch.pods }, (_, i) => `r${round}-${i}-${Date.now()}`);
  const result = await interleave(
    rounds,
    () => bareRuns(engine, batch.pods),
    (round) => untilReady(client, namesOf(round)),
  );
  return {
    what: batch.what,
    figure: result.figure,
    unit: 'ms',
    ceilings: [
      {
        of: 'two `docker run` each, the second in the network of the first, bare engine',
        figure: result.ceiling,
        ratio: result.ratio,
      },
    ],
    bound: batch.bound,
  };
}

async function run({ store, rounds }: Run): Promise<readonly Row[]> {
  await using cleanup = new AsyncDisposableStack();
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-bench-pods-'));
  cleanup.defer(() => rmSync(dir, { recursive: true, force: true }));
  const etcd = store === 'etcd' ? await startEtcd(dir) : undefined;
  if (etcd) cleanup.use(etcd.child);
  const cluster = cleanup.use(await TestCluster.start('bench', etcd ? [`--store=${etcd.url}`] : []));
  await cluster.image(image, { command: ['/bin/sleep', '100000'] });
  await using engine = await BareEngine.start();
  await engine.takeImage(cluster.docker(), image);
  using client = new HttpsClient(portOf(cluster.env.KUBECONFIG), adminCredentials(cluster.env.KUBECONFIG));
  await untilReady(client, ['warm']);
  const rows: Row[] = [];
  for (const batch of batches) rows.push(await measure(batch, rounds, client, engine));
  return rows;
}

export const podsMeasurement: LoneMeasurement = { name: 'pods', run };
