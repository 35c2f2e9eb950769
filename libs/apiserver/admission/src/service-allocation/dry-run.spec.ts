import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RANGES } from './service-draft.ts';

let api: TestCluster;
const url = '/api/v1/namespaces/default/services';
const taken = { clusterIP: '10.96.0.77', nodePort: 30001, healthCheckNodePort: 30002 };
beforeAll(async () => {
  api = await testCluster();
  await make('holder', {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    clusterIP: taken.clusterIP,
    healthCheckNodePort: taken.healthCheckNodePort,
    ports: [{ port: 80, nodePort: taken.nodePort }],
  });
  await make('plain', {});
});
afterAll(() => api[Symbol.asyncDispose]());

const make = (name: string, spec: object, query = '') =>
  api.call(admin, `POST ${url}${query}`, { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
const change = async (spec: object, query: string) => {
  const { object } = await api.call(admin, `GET ${url}/plain`);
  return api.call(admin, `PUT ${url}/plain${query}`, { ...object, spec: { ...object.spec, ...spec } });
};
const allocated = async () => (await api.store.list(RANGES, {}, api.ctx)).entries.map(({ key }) => key);

let before: readonly string[];
beforeEach(async () => {
  before = await allocated();
});

const nodePort = (port: number) => ({ type: 'NodePort', ports: [{ port: 80, nodePort: port }] });
const health = (healthCheckNodePort: number) => ({
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  healthCheckNodePort,
});

describe('what is wrong with what a Service asks for is told by a dry run, in the same words, and nothing is taken', () => {
  it.each<[string, object]>([
    ['a node port of another', nodePort(taken.nodePort)],
    ['a node port that another answers health checks at', nodePort(taken.healthCheckNodePort)],
    ['a node port outside of the range', nodePort(80)],
    ['a port for health checks of another', health(taken.nodePort)],
    ['a port for health checks outside of the range', health(80)],
  ])('%s, when it is made and when it changes', async (_, spec) => {
    const [dry, real] = [await make('new', spec, '?dryRun=All'), await make('new', spec)];
    expect([dry.status, dry.object]).toEqual([real.status, real.object]);
    expect(real.status).toBeGreaterThanOrEqual(400);
    const [dryChange, realChange] = [await change(spec, '?dryRun=All'), await change(spec, '')];
    expect([dryChange.status, dryChange.object]).toEqual([realChange.status, realChange.object]);
    expect(realChange.status).toBeGreaterThanOrEqual(400);
    expect(await allocated()).toEqual(before);
  });

  it.each<[string, { clusterIP: string }, string]>([
    ['an address of another', taken, 'provided IP is already allocated'],
    ['another network’s', { clusterIP: '10.97.0.1' }, 'the provided network does not match the current range'],
    ['the network’s own', { clusterIP: '10.96.0.0' }, 'the provided network does not match the current range'],
  ])('%s', async (_, { clusterIP }, why) => {
    const spec = { clusterIP };
    const [dry, real] = [await make('new', spec, '?dryRun=All'), await make('new', spec)];
    expect([dry.status, dry.object]).toEqual([real.status, real.object]);
    expect([real.status, real.object.message]).toEqual([
      422,
      `Service "new" is invalid: spec.clusterIPs: Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: ${why}`,
    ]);
    expect(await allocated()).toEqual(before);
  });
});

describe('a dry run of a Service that may be', () => {
  it('shows what it could get, and takes nothing', async () => {
    const { object, status } = await make('new', { ...nodePort(30500), clusterIP: '10.96.0.78' }, '?dryRun=All');
    expect([status, object.spec.clusterIPs, object.spec.ports[0].nodePort]).toEqual([201, ['10.96.0.78'], 30500]);
    const any = await make('new', { type: 'NodePort' }, '?dryRun=All');
    expect(any.object.spec).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.96\./),
      ports: [{ nodePort: expect.any(Number) }],
    });
    expect(await allocated()).toEqual(before);
  });

  it('shows what it keeps, and gives nothing back', async () => {
    const { object } = await api.call(admin, `GET ${url}/holder`);
    const gone = { ...object, spec: { ...object.spec, type: 'ClusterIP', externalTrafficPolicy: undefined } };
    const { object: shown, status } = await api.call(admin, `PUT ${url}/holder?dryRun=All`, gone);
    expect([status, shown.spec.clusterIP, shown.spec.ports[0].nodePort]).toEqual([200, taken.clusterIP, undefined]);
    expect(await allocated()).toEqual(before);
  });
});
