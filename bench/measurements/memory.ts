import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrk } from '../load/wrk.ts';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { podManifest } from '../subject/pod.ts';
import { podsStored, Subject } from '../subject/subject.ts';

const settleSeconds = 5;
const idleSeconds = 20;

/** Reads, lists, patches and creates, one after the other. */
async function load(subject: Subject): Promise<void> {
  const pods = '/api/v1/namespaces/bench/pods';
  const file = join(subject.dir, 'pod.json');
  writeFileSync(file, JSON.stringify(podManifest('@NAME@')));
  const common = { port: subject.api.port, token: subject.token, seconds: subject.run.seconds };
  await wrk({ ...common, operation: ['random', `${pods}/`, String(podsStored)] });
  await wrk({ ...common, connections: 4, operation: ['plain', pods] });
  await wrk({ ...common, operation: ['patch', `${pods}/`, String(podsStored), 'application/merge-patch+json'] });
  await wrk({ ...common, operation: ['post', pods, file, 'memory-'] });
}

async function run(asked: Run): Promise<readonly Row[]> {
  await using subject = await Subject.start(asked, { filled: false });
  const { child } = subject.api;
  await sleep(settleSeconds * 1000);
  const { cpu } = await subject.cpuDuring(() => sleep(idleSeconds * 1000));
  const idle = child.residentMegabytes();
  const bare = subject.ceiling.child.residentMegabytes();
  await subject.fill();
  await load(subject);
  await sleep(settleSeconds * 1000);
  const against = (figure: number): Row['ceilings'] => [{ of: 'bare TLS, idle', figure: bare, ratio: figure / bare }];
  const after = child.residentMegabytes();
  return [
    {
      what: 'memory, idle',
      figure: idle,
      unit: 'MB',
      ceilings: against(idle),
      bound: { by: 'figure', limit: 180, better: 'less' },
    },
    { what: 'memory, after load', figure: after, unit: 'MB', ceilings: against(after) },
    {
      what: `CPU, idle over ${idleSeconds} s`,
      figure: (cpu / idleSeconds) * 100,
      unit: '% of a core',
      ceilings: [],
      bound: { by: 'figure', limit: 1, better: 'less' },
    },
  ];
}

export const memoryMeasurement: LoneMeasurement = { name: 'memory', run };
