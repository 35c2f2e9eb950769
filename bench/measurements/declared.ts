import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrk } from '../load/wrk.ts';
import { compared, interleave } from '../rounds.ts';
import type { Measurement, Row } from '../row.ts';
import { declaredObject, declaredPath, definition } from '../subject/definition.ts';
import type { Subject } from '../subject/subject.ts';

const [plural, namespace] = ['applications', 'declared'];

/** As large as the other object; what it holds is one text, as in most ConfigMaps. */
function configMapOf(bytes: number): object {
  const empty = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '@NAME@' }, data: { text: '' } };
  return { ...empty, data: { text: 'x'.repeat(Math.max(0, bytes - JSON.stringify(empty).length)) } };
}

async function run(subject: Subject): Promise<readonly Row[]> {
  await subject.client.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(plural));
  await subject.namespace(namespace);
  const path = declaredPath(plural, namespace);
  await subject.served(path);
  const custom = JSON.stringify(declaredObject(plural, '@NAME@'));
  const plain = JSON.stringify(configMapOf(custom.length));
  const [maps, common] = [
    `/api/v1/namespaces/${namespace}/configmaps`,
    { port: subject.api.port, token: subject.token, seconds: subject.run.seconds },
  ];
  const creating = async (at: string, body: string, prefix: string) => {
    const file = join(subject.dir, `${prefix[0]}.json`);
    writeFileSync(file, body);
    const ran = await subject.cpuDuring(() => wrk({ ...common, operation: ['post', at, file, prefix] }));
    await subject.empty(at);
    return ran;
  };
  let [requests, cpu] = [0, 0];
  const result = await interleave(
    subject.run.rounds,
    async (round) => (await creating(maps, plain, `m-${Date.now()}-${round}-`)).result.perSecond,
    async (round) => {
      const ran = await creating(path, custom, `c-${Date.now()}-${round}-`);
      requests += ran.result.requests;
      cpu += ran.cpu;
      return ran.result.perSecond;
    },
  );
  return [
    {
      what: `create of a custom resource with a 200-line schema (${custom.length} B)`,
      figure: result.figure,
      unit: '/s',
      ceilings: [compared('create of a ConfigMap of the same size', result)],
      cpu: `${((cpu / requests) * 1e6).toFixed(0)} µs`,
      bound: { by: 'ratio', limit: 0.6, better: 'more' },
    },
  ];
}

export const declaredMeasurement: Measurement = { name: 'declared', run };
