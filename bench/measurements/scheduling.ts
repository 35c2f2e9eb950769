import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../rounds.ts';
import type { Measurement, Row } from '../row.ts';
import { forAll, HttpsClient } from '../subject/https.ts';
import { podManifest } from '../subject/pod.ts';
import { PodWatch } from '../subject/pod-watch.ts';
import type { Subject } from '../subject/subject.ts';

const nodes = 1000;
const pods = 3000;
/** The nodes keep no lease: more rounds would outlast what node lifecycle grants them. */
const mostRounds = 3;

interface HollowNode {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: object;
  readonly [field: string]: unknown;
}

function hollowNode(i: number): HollowNode {
  const name = `hollow-${i}`;
  const capacity = { cpu: '32', memory: '256Gi', pods: '110' };
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${i % 3}` } },
    status: {
      capacity,
      allocatable: capacity,
      conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: now, lastTransitionTime: now }],
    },
  };
}

async function register(subject: Subject, node: HollowNode): Promise<void> {
  await subject.client.ask('POST', '/api/v1/nodes', node);
  const path = `/api/v1/nodes/${node.metadata.name}/status`;
  const sent = { body: JSON.stringify({ status: node.status }), contentType: 'application/merge-patch+json' };
  const { status } = await subject.client.send('PATCH', path, sent);
  if (status !== 200) throw new Error(`PATCH ${path}: ${status}`);
}

async function round(subject: Subject, namespace: string): Promise<{ perSecond: number; createdPerSecond: number }> {
  await subject.namespace(namespace);
  const path = `/api/v1/namespaces/${namespace}/pods`;
  using client = new HttpsClient(subject.api.port, { token: subject.token }, 1);
  using watch = await PodWatch.open(client, path);
  const names = Array.from({ length: pods }, (_, i) => `pod-${i}`);
  const begun = performance.now();
  await forAll(pods, 32, (i) =>
    subject.client.ask('POST', path, podManifest(names[i]!, { scheduler: 'default-scheduler' })),
  );
  const created = performance.now();
  await watch.bound(names);
  const done = performance.now();
  await subject.empty(path);
  return {
    perSecond: pods / ((done - begun) / 1000),
    createdPerSecond: pods / ((created - begun) / 1000),
  };
}

/** A new node carries a taint until node lifecycle has seen that it is ready. */
async function untainted(subject: Subject): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(100)) {
    const { items } = await subject.client.ask<{ items: readonly { spec: { taints?: readonly unknown[] } }[] }>(
      'GET',
      '/api/v1/nodes',
    );
    if (items.every((node) => (node.spec.taints ?? []).length === 0)) return;
  }
  throw new Error('the hollow nodes did not lose their not-ready taint within thirty seconds');
}

async function run(subject: Subject): Promise<readonly Row[]> {
  await forAll(nodes, 32, (i) => register(subject, hollowNode(i)));
  await untainted(subject);
  const rounds: { perSecond: number; createdPerSecond: number }[] = [];
  const { cpu } = await subject.cpuDuring(async () => {
    for (let i = 0; i < Math.min(subject.run.rounds, mostRounds); i++) rounds.push(await round(subject, `sched-${i}`));
  });
  const rates = rounds.map((one) => one.perSecond);
  const created = median(rounds.map((one) => one.createdPerSecond));
  return [
    {
      what: `${pods.toLocaleString('en-US')} pods created and bound, ${nodes.toLocaleString('en-US')} hollow nodes`,
      figure: median(rates),
      unit: 'pods/s',
      ceilings: [{ of: 'their creation alone, meanwhile', figure: created, ratio: median(rates) / created }],
      cpu: `${((cpu / (pods * rounds.length)) * 1e6).toFixed(0)} µs`,
      bound: { by: 'figure', limit: 400, better: 'more' },
    },
  ];
}

export const schedulingMeasurement: Measurement = { name: 'scheduling', run };
