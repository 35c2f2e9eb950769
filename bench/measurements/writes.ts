import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareStore } from '../ceiling/bare-store.ts';
import { type Load, wrk } from '../load/wrk.ts';
import { compared, interleave } from '../rounds.ts';
import { type Measurement, type Row, ratioFrom, type StoreName } from '../row.ts';
import { podManifest } from '../subject/pod.ts';
import { podName, podsStored, type Subject } from '../subject/subject.ts';

const pods = '/api/v1/namespaces/bench/pods';
const writes = '/api/v1/namespaces/writes/pods';

interface Write {
  readonly name: string;
  readonly what: string;
  readonly wanted: Readonly<Record<StoreName, number>>;
  operation(subject: Subject, round: number): Promise<Load['operation']>;
}

/** Creates `<prefix>1`, `<prefix>2`, … for as long as wrk runs. */
function creating(subject: Subject, prefix: string): Load['operation'] {
  const file = join(subject.dir, 'pod.json');
  writeFileSync(file, JSON.stringify(podManifest('@NAME@')));
  return ['post', writes, file, prefix];
}

const patching = (name: string, type: string): Write => ({
  name: `patch-${name}`,
  what: `${name} patch, random pod of 2,000`,
  wanted: { sqlite: 0.06, etcd: 0.05 },
  operation: async () => ['patch', `${pods}/`, String(podsStored), type],
});

const table: readonly Write[] = [
  {
    name: 'create',
    what: 'create',
    wanted: { sqlite: 0.09, etcd: 0.06 },
    operation: async (subject, round) => creating(subject, `c-${Date.now()}-${round}-`),
  },
  patching('merge', 'application/merge-patch+json'),
  patching('strategic', 'application/strategic-merge-patch+json'),
  {
    name: 'delete',
    what: 'delete',
    wanted: { sqlite: 0.06, etcd: 0.05 },
    operation: async (subject, round) => {
      const prefix = `d-${Date.now()}-${round}-`;
      const load = { port: subject.api.port, token: subject.token, seconds: subject.run.seconds };
      const { requests } = await wrk({ ...load, operation: creating(subject, prefix) });
      return ['delete', `${writes}/`, prefix, String(requests)];
    },
  },
];

async function measure(write: Write, subject: Subject): Promise<readonly Row[]> {
  const { status } = await subject.client.send('GET', '/api/v1/namespaces/writes');
  if (status === 404) await subject.namespace('writes');
  const { body } = await subject.client.send('GET', `${pods}/${podName(7)}`);
  await subject.ceiling.serve('/read', body);
  const common = { token: subject.token, seconds: subject.run.seconds };
  let [requests, cpu] = [0, 0];
  const stores: number[] = [];
  const result = await interleave(
    subject.run.rounds,
    async () => {
      stores.push(
        await bareStore(subject.run.store, {
          dir: subject.dir,
          etcd: subject.etcdUrl,
          value: body,
          seconds: common.seconds,
        }),
      );
      return (await wrk({ ...common, port: subject.ceiling.port, operation: ['plain', '/read'] })).perSecond;
    },
    async (round) => {
      const operation = await write.operation(subject, round);
      const ran = await subject.cpuDuring(() => wrk({ ...common, port: subject.api.port, operation }));
      requests += ran.result.requests;
      cpu += ran.cpu;
      await subject.empty(writes);
      return ran.result.perSecond;
    },
  );
  const alone = stores.toSorted((a, b) => a - b)[stores.length >> 1]!;
  return [
    {
      what: write.what,
      figure: result.figure,
      unit: '/s',
      ceilings: [
        compared('bare TLS GET', result),
        {
          of: subject.run.store === 'sqlite' ? 'node:sqlite alone, 32 rows a commit' : 'etcd3 alone, 32 at once',
          figure: alone,
          ratio: result.figure / alone,
        },
      ],
      cpu: `${((cpu / requests) * 1e6).toFixed(0)} µs`,
      bound: ratioFrom(write.wanted, subject.run.store),
    },
  ];
}

export const writeMeasurements: readonly Measurement[] = table.map((write) => ({
  name: write.name,
  run: (subject) => measure(write, subject),
}));
