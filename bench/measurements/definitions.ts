import { setTimeout as sleep } from 'node:timers/promises';
import { interleave } from '../rounds.ts';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { declaredPath, definition } from '../subject/definition.ts';
import { forAll } from '../subject/https.ts';
import { Subject } from '../subject/subject.ts';

const count = 500;
const idleSeconds = 10;
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const plural = (i: number): string => `kind${i}s`;

/** Of the last definition, from the answer to its creation to the first success of its own path. */
async function untilServed(subject: Subject): Promise<number> {
  await subject.client.ask('POST', definitions, definition(plural(count - 1)));
  const begun = performance.now();
  await subject.served(declaredPath(plural(count - 1), 'default'));
  return performance.now() - begun;
}

async function run(asked: Run): Promise<readonly Row[]> {
  await using many = await Subject.start(asked, { filled: false });
  await using none = await Subject.start(asked, { filled: false });
  const begun = performance.now();
  await forAll(count - 1, 16, (i) => many.client.ask('POST', definitions, definition(plural(i))));
  await forAll(count - 1, 16, (i) => many.served(declaredPath(plural(i), 'default')));
  const allMs = performance.now() - begun;
  const servedMs = await untilServed(many);
  const start = await interleave(
    asked.rounds,
    () => none.restarted(),
    () => many.restarted(),
  );
  await many.served(declaredPath(plural(count - 1), 'default'));
  await sleep(idleSeconds * 1000);
  const idle = many.api.child.residentMegabytes();
  const without = none.api.child.residentMegabytes();
  return [
    { what: `${count - 1} definitions at once, until each is served`, figure: allMs, unit: 'ms', ceilings: [] },
    {
      what: `the last of ${count} definitions served, from the answer to its creation`,
      figure: servedMs,
      unit: 'ms',
      ceilings: [],
      bound: { by: 'figure', limit: 1000, better: 'less' },
    },
    {
      what: `start with ${count} definitions`,
      figure: start.figure,
      unit: 'ms',
      ceilings: [{ of: 'without', figure: start.ceiling, ratio: start.ratio }],
      bound: { by: 'ratio', limit: 3, better: 'less' },
    },
    {
      what: `memory, idle with ${count} definitions`,
      figure: idle,
      unit: 'MB',
      ceilings: [{ of: 'without', figure: without, ratio: idle / without }],
      bound: { by: 'figure', limit: 300, better: 'less' },
    },
  ];
}

export const definitionsMeasurement: LoneMeasurement = { name: 'definitions', run };
