import { setTimeout as sleep } from 'node:timers/promises';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { longestTurnMs } from '../subject/api-process.ts';
import { forAll, HttpsClient } from '../subject/https.ts';
import { Subject } from '../subject/subject.ts';

/** More pods than controllers and scheduler bring about meanwhile. */
const [deployments, replicas] = [40, 2500];
const watchedSeconds = 20;
const everyMs = 10;
const namespace = '/apis/apps/v1/namespaces/overworked';
const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1' }] },
    },
  },
});

/** How long each of one kind of request took, one after the other. */
async function waits(until: number, ask: () => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = [];
  while (performance.now() < until) {
    const begun = performance.now();
    await ask();
    taken.push(performance.now() - begun);
    await sleep(everyMs);
  }
  return taken;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

async function heartbeats(subject: Subject, until: number): Promise<readonly number[]> {
  using client = new HttpsClient(subject.api.port, { token: subject.token }, 1);
  await client.ask('POST', lease, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'somebody' },
    spec: { holderIdentity: 'somebody', leaseDurationSeconds: 40 },
  });
  return await waits(until, () =>
    client.send('PATCH', `${lease}/somebody`, {
      body: JSON.stringify({ spec: { renewTime: `${new Date().toISOString().slice(0, -1)}000Z` } }),
      contentType: 'application/merge-patch+json',
    }),
  );
}

async function run(asked: Run): Promise<readonly Row[]> {
  await using subject = await Subject.start(asked, { probed: true });
  await subject.namespace('overworked');
  await forAll(deployments, 4, (i) => subject.client.ask('POST', `${namespace}/deployments`, deployment(`app-${i}`)));
  using client = new HttpsClient(subject.api.port, { token: subject.token }, 1);
  await longestTurnMs(subject.api);
  const until = performance.now() + watchedSeconds * 1000;
  const [gets, beats] = await Promise.all([
    waits(until, () => client.ask('GET', '/api/v1/namespaces/bench/pods/pod-7')),
    heartbeats(subject, until),
  ]);
  const turn = await longestTurnMs(subject.api);
  const { status } = await subject.client.ask<{ status: { replicas?: number } }>(
    'GET',
    `${namespace}/deployments/app-${deployments - 1}`,
  );
  if (status.replicas === replicas) throw new Error('controllers and scheduler had nothing left to do');
  return [
    {
      what: 'p99 of a GET while controllers and scheduler have more work than they can do',
      figure: percentile(gets, 0.99),
      unit: 'ms',
      ceilings: [
        { of: 'its median', figure: percentile(gets, 0.5), ratio: percentile(gets, 0.99) / percentile(gets, 0.5) },
      ],
      bound: { by: 'figure', limit: 50, better: 'less' },
    },
    {
      what: 'the longest turn of the event loop meanwhile, in CPU time',
      figure: turn,
      unit: 'ms',
      ceilings: [],
      bound: { by: 'figure', limit: 50, better: 'less' },
    },
    {
      what: 'the longest that a heartbeat took meanwhile',
      figure: Math.max(...beats),
      unit: 'ms',
      ceilings: [],
      bound: { by: 'figure', limit: 1000, better: 'less' },
    },
  ];
}

export const overworkedMeasurement: LoneMeasurement = { name: 'overworked', run };
