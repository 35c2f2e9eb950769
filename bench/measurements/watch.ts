import { compared, interleave, median } from '../rounds.ts';
import { type Measurement, type Row, ratioFrom } from '../row.ts';
import type { Child } from '../subject/child.ts';
import { forAll, HttpsClient } from '../subject/https.ts';
import { podManifest } from '../subject/pod.ts';
import type { Subject } from '../subject/subject.ts';
import { Watchers } from '../subject/watchers.ts';

const watchers = 100;
const events = 500;
const writersAtOnce = 16;
const namespace = '/api/v1/namespaces/watched/pods';

interface Delivered {
  readonly perSecond: number;
  /** The server's CPU seconds for a million events, deliveries and the writes that cause them together. */
  readonly cpuPerMillion: number;
}

async function deliver(
  server: Child,
  open: () => Promise<Watchers>,
  write: (i: number) => Promise<unknown>,
): Promise<Delivered> {
  using all = await open();
  // The first write warms the way and shows that each watcher is there.
  await all.seeing(watchers, () => write(0));
  const [cpu, begun] = [server.cpuSeconds(), performance.now()];
  await all.seeing(watchers * events, () => forAll(events, writersAtOnce, (i) => write(i + 1)));
  const seconds = (performance.now() - begun) / 1000;
  const count = watchers * events;
  return { perSecond: count / seconds, cpuPerMillion: ((server.cpuSeconds() - cpu) / count) * 1e6 };
}

async function oneEvent(subject: Subject): Promise<Buffer> {
  const manifest = JSON.stringify(podManifest(`first-${Date.now()}`));
  const created = await subject.client.send('POST', namespace, { body: manifest });
  if (created.status !== 201) throw new Error(`create: ${created.status} ${created.body.toString()}`);
  return Buffer.from(`{"type":"ADDED","object":${created.body.toString().trim()}}\n`);
}

/** The bare fan-out: each POST makes the server write one event to each watcher. */
async function bareRound(subject: Subject): Promise<Delivered> {
  using bare = new HttpsClient(subject.ceiling.port);
  const body = JSON.stringify(podManifest('some-pod'));
  const open = (): Promise<Watchers> => Watchers.open({ port: subject.ceiling.port }, Array(watchers).fill('/watch'));
  return await deliver(subject.ceiling.child, open, () => bare.send('POST', '/watch', { body }));
}

async function ourRound(subject: Subject, round: number): Promise<Delivered> {
  const list = await subject.client.ask<{ metadata: { resourceVersion: string } }>('GET', `${namespace}?limit=1`);
  const path = `${namespace}?watch=1&resourceVersion=${list.metadata.resourceVersion}`;
  const open = (): Promise<Watchers> =>
    Watchers.open({ port: subject.api.port, token: subject.token }, Array(watchers).fill(path));
  return await deliver(subject.api.child, open, (i) =>
    subject.client.ask('POST', namespace, podManifest(`w-${Date.now()}-${round}-${i}`)),
  );
}

async function run(subject: Subject): Promise<readonly Row[]> {
  await subject.namespace('watched');
  const event = await oneEvent(subject);
  await subject.ceiling.serve('/event', event);
  const [ours, bare]: [number[], number[]] = [[], []];
  const noted = (into: number[], delivered: Delivered): number => {
    into.push(delivered.cpuPerMillion);
    return delivered.perSecond;
  };
  const result = await interleave(
    subject.run.rounds,
    async () => noted(bare, await bareRound(subject)),
    async (round) => noted(ours, await ourRound(subject, round)),
  );
  await subject.empty(namespace);
  return [
    {
      what: `watch, events to ${watchers} watchers (${event.length} B each)`,
      figure: result.figure,
      unit: '/s',
      ceilings: [compared('bare fan-out, same bytes', result)],
      cpu: `${median(ours).toFixed(1)} s per million events (bare: ${median(bare).toFixed(1)})`,
      bound: ratioFrom({ sqlite: 0.9, etcd: 0.6 }, subject.run.store),
    },
  ];
}

export const watchMeasurement: Measurement = { name: 'watch', run };
