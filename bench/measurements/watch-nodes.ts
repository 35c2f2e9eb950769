import { interleave } from '../rounds.ts';
import type { Measurement, Row } from '../row.ts';
import { forAll } from '../subject/https.ts';
import { podManifest } from '../subject/pod.ts';
import type { Subject } from '../subject/subject.ts';
import { Watchers } from '../subject/watchers.ts';

const [few, many] = [100, 1000];
const events = 1000;
const namespace = '/api/v1/namespaces/by-node/pods';
const node = (i: number): string => `node-${i}`;

/** Server CPU for each event, its write included: each is of one node, whose watcher alone is told. */
async function cpuPerEvent(subject: Subject, watchers: number, round: number): Promise<number> {
  const list = await subject.client.ask<{ metadata: { resourceVersion: string } }>('GET', `${namespace}?limit=1`);
  const from = `watch=1&resourceVersion=${list.metadata.resourceVersion}`;
  const paths = Array.from(
    { length: watchers },
    (_, i) => `/api/v1/pods?${from}&fieldSelector=spec.nodeName%3D${node(i)}`,
  );
  using all = await Watchers.open({ port: subject.api.port, token: subject.token }, paths);
  const create = (name: string, i: number): Promise<unknown> => {
    const pod = podManifest(`n-${watchers}-${round}-${name}`) as { readonly spec: object };
    return subject.client.ask('POST', namespace, { ...pod, spec: { ...pod.spec, nodeName: node(i % watchers) } });
  };
  await all.seeing(watchers, () => forAll(watchers, 16, (i) => create(`warm-${i}`, i)));
  const { cpu } = await subject.cpuDuring(() =>
    all.seeing(events, () => forAll(events, 16, (i) => create(String(i), i))),
  );
  return (cpu / events) * 1e6;
}

async function run(subject: Subject): Promise<readonly Row[]> {
  await subject.namespace('by-node');
  const measured = (watchers: number) => async (round: number) => {
    const cpu = await cpuPerEvent(subject, watchers, round);
    await subject.empty(namespace);
    return cpu;
  };
  const result = await interleave(subject.run.rounds, measured(few), measured(many));
  return [
    {
      what: `server CPU of an event, ${many.toLocaleString('en-US')} watchers by spec.nodeName`,
      figure: result.figure,
      unit: 'µs',
      ceilings: [{ of: `${few} watchers`, figure: result.ceiling, ratio: result.ratio }],
      bound: { by: 'ratio', limit: 2, better: 'less' },
    },
  ];
}

export const watchNodesMeasurement: Measurement = { name: 'watch-nodes', run };
