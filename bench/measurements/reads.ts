import { type Load, wrk } from '../load/wrk.ts';
import { compared, interleave } from '../rounds.ts';
import { type Measurement, type Row, ratioFrom, type StoreName } from '../row.ts';
import { podName, podsStored, type Subject } from '../subject/subject.ts';

const pods = '/api/v1/namespaces/bench/pods';

interface Read {
  readonly name: string;
  readonly what: string;
  readonly path: string;
  readonly operation: Load['operation'];
  readonly connections: number;
  readonly wanted: Readonly<Record<StoreName, number>>;
}

const reads: readonly Read[] = [
  {
    name: 'get',
    what: 'GET, random pod of 2,000',
    path: `${pods}/${podName(7)}`,
    operation: ['random', `${pods}/`, String(podsStored)],
    connections: 32,
    wanted: { sqlite: 0.65, etcd: 0.5 },
  },
  {
    name: 'list',
    what: 'list of 2,000',
    path: pods,
    operation: ['plain', pods],
    connections: 4,
    wanted: { sqlite: 0.8, etcd: 0.7 },
  },
  {
    name: 'list-500',
    what: 'list by 500, first page',
    path: `${pods}?limit=500`,
    operation: ['plain', `${pods}?limit=500`],
    connections: 4,
    wanted: { sqlite: 0.45, etcd: 0.225 },
  },
  {
    name: 'list-label',
    what: 'list by label, 200 of 2,000',
    path: `${pods}?labelSelector=group%3Dg3`,
    operation: ['plain', `${pods}?labelSelector=group%3Dg3`],
    connections: 4,
    wanted: { sqlite: 0.45, etcd: 0.225 },
  },
];

async function measure(read: Read, subject: Subject): Promise<readonly Row[]> {
  const { body } = await subject.client.send('GET', read.path);
  await subject.ceiling.serve('/read', body);
  const common = { token: subject.token, seconds: subject.run.seconds, connections: read.connections };
  let [requests, cpu] = [0, 0];
  const result = await interleave(
    subject.run.rounds,
    async () => (await wrk({ ...common, port: subject.ceiling.port, operation: ['plain', '/read'] })).perSecond,
    async () => {
      const round = await subject.cpuDuring(() =>
        wrk({ ...common, port: subject.api.port, operation: read.operation }),
      );
      requests += round.result.requests;
      cpu += round.cpu;
      return round.result.perSecond;
    },
  );
  const size = body.length < 10_000 ? `${body.length} B` : `${(body.length / 1e6).toFixed(2)} MB`;
  return [
    {
      what: `${read.what} (${size})`,
      figure: result.figure,
      unit: '/s',
      ceilings: [compared('bare TLS, same bytes', result)],
      cpu: `${((cpu / requests) * 1e6).toFixed(0)} µs`,
      bound: ratioFrom(read.wanted, subject.run.store),
    },
  ];
}

export const readMeasurements: readonly Measurement[] = reads.map((read) => ({
  name: read.name,
  run: (subject) => measure(read, subject),
}));
