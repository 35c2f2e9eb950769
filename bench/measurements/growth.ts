import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Load, wrk } from '../load/wrk.ts';
import { median } from '../rounds.ts';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { longestTurnMs } from '../subject/api-process.ts';
import { forAll } from '../subject/https.ts';
import { podManifest } from '../subject/pod.ts';
import { podName, Subject } from '../subject/subject.ts';

const [few, many] = [10_000, 100_000];
const pods = '/api/v1/namespaces/growth/pods';
const writes = '/api/v1/namespaces/writes/pods';

type Name = 'GET' | 'create' | 'merge patch';

function operation(subject: Subject, name: Name, stored: number): Load['operation'] {
  if (name === 'GET') return ['random', `${pods}/`, String(stored)];
  if (name === 'merge patch') return ['patch', `${pods}/`, String(stored), 'application/merge-patch+json'];
  const file = join(subject.dir, 'pod.json');
  writeFileSync(file, JSON.stringify(podManifest('@NAME@')));
  return ['post', writes, file, `c-${Date.now()}-`];
}

/** CPU of the server for one request: throughput would also tell how the load generator fares. */
async function cpuOf(subject: Subject, name: Name, stored: number): Promise<number> {
  const { rounds, seconds } = subject.run;
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const load = { port: subject.api.port, token: subject.token, seconds, operation: operation(subject, name, stored) };
    const { result, cpu } = await subject.cpuDuring(() => wrk(load));
    costs.push((cpu / result.requests) * 1e6);
    if (name === 'create') await subject.empty(writes);
  }
  return median(costs);
}

const fill = (subject: Subject, from: number, to: number): Promise<void> =>
  forAll(to - from, 32, (i) => subject.client.ask('POST', pods, podManifest(podName(from + i))));

/** The longest that one list of everything keeps the event loop, in CPU time. */
async function longestTurnOfList(subject: Subject): Promise<number> {
  const turns: number[] = [];
  for (let round = 0; round < subject.run.rounds; round++) {
    await longestTurnMs(subject.api);
    await subject.client.send('GET', pods);
    turns.push(await longestTurnMs(subject.api));
  }
  return median(turns);
}

async function run(asked: Run): Promise<readonly Row[]> {
  await using subject = await Subject.start(asked, { filled: false, probed: true });
  for (const namespace of ['growth', 'writes']) await subject.namespace(namespace);
  await fill(subject, 0, few);
  const turn = await longestTurnOfList(subject);
  const names: readonly Name[] = ['GET', 'create', 'merge patch'];
  const costs = new Map<Name, number>();
  for (const name of names) costs.set(name, await cpuOf(subject, name, few));
  await fill(subject, few, many);
  const rows: Row[] = [];
  for (const name of names) {
    const [before, after] = [costs.get(name)!, await cpuOf(subject, name, many)];
    rows.push({
      what: `server CPU of one ${name} with ${many.toLocaleString('en-US')} pods stored`,
      figure: after,
      unit: 'µs',
      ceilings: [{ of: `with ${few.toLocaleString('en-US')}`, figure: before, ratio: after / before }],
      bound: { by: 'ratio', limit: 1.2, better: 'less' },
    });
  }
  rows.push({
    what: `longest turn of a list of ${few.toLocaleString('en-US')} pods`,
    figure: turn,
    unit: 'ms',
    ceilings: [],
    bound: { by: 'figure', limit: 50, better: 'less' },
  });
  return rows;
}

export const growthMeasurement: LoneMeasurement = { name: 'growth', run };
