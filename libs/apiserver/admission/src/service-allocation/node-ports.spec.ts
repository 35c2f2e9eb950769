import type { ServicePort, ServiceSpec } from '@kubernest/api-types/core/v1';
import type { Store } from '@kubernest/store/contract';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocateNodePorts } from './node-ports.ts';

let api: TestCluster;
const url = '/api/v1/namespaces/default/services';
beforeAll(async () => {
  api = await testCluster();
  await create([{ port: 80, nodePort: 30001 }]);
});
afterAll(() => api[Symbol.asyncDispose]());

let count = 0;
type Port = Partial<ServicePort>;
async function create(ports: readonly Port[], more: Partial<ServiceSpec> = {}) {
  const name = `s${count++}`;
  const named = ports.map((port, i) => ({ name: `p${i}`, ...port }));
  const { object, status } = await api.call(admin, `POST ${url}`, {
    metadata: { name },
    spec: { type: 'NodePort', ports: named, ...more },
  });
  return {
    name,
    object,
    said: status < 300 ? numbersOf(object) : `${status} ${object.message.split(': ').slice(1).join(': ')}`,
  };
}
const numbersOf = (object: { spec: { ports: ServicePort[] } }) => object.spec.ports.map(({ nodePort }) => nodePort);
const [tcp, udp, sctp] = ['TCP', 'UDP', 'SCTP'].map((protocol) => (port: number, nodePort?: number) => ({
  protocol,
  port,
  nodePort,
}));
const allocated = (index: number, port: number) =>
  `422 spec.ports[${index}].nodePort: Invalid value: ${port}: provided port is already allocated`;

describe('the node ports of a new Service', () => {
  it.each<[string, Port[], unknown]>([
    ['are shared by the protocols of one port', [tcp!(53, 30010), udp!(53, 30010)], [30010, 30010]],
    ['go to the other protocol that asks for none', [tcp!(53), udp!(53, 30011)], [30011, 30011]],
    ['are not shared by two ports', [tcp!(80, 30012), udp!(81, 30012)], allocated(1, 30012)],
    [
      'are not shared by two ports, through a third',
      [tcp!(81), sctp!(80, 30013), udp!(81, 30013)],
      allocated(1, 30013),
    ],
    ['are nobody else’s, for another protocol either', [udp!(80, 30001)], allocated(0, 30001)],
    [
      'lie in the range',
      [tcp!(80, 80)],
      '422 spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ])('%s', async (_, ports, said) => {
    expect((await create(ports)).said).toEqual(said);
  });

  it('are the same for both protocols of one port when none is asked for', async () => {
    const [one, two] = (await create([tcp!(53), udp!(53)])).said as number[];
    expect([typeof one, two]).toEqual(['number', one]);
  });

  it('are asked for also where none are handed out', async () => {
    const balancer = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
    expect((await create([tcp!(80, 30001)], balancer)).said).toBe(allocated(0, 30001));
    expect((await create([tcp!(80, 30020), tcp!(81)], balancer)).said).toEqual([30020, undefined]);
  });
});

describe('the node ports of a Service that changes', () => {
  const change = async (before: readonly Port[], after: readonly Port[]) => {
    const { name, object } = await create(before);
    const ports = after.map((port, i) => ({ name: `p${i}`, ...port }));
    const answer = await api.call(admin, `PUT ${url}/${name}`, { ...object, spec: { ...object.spec, ports } });
    return answer.status < 300
      ? numbersOf(answer.object)
      : `${answer.status} ${answer.object.message.split(': ').slice(1).join(': ')}`;
  };

  it.each<[string, Port[], Port[], unknown]>([
    ['may be shared by two ports', [tcp!(80, 30030)], [tcp!(80, 30030), udp!(81, 30030)], [30030, 30030]],
    ['may be shared by two new ports', [tcp!(80, 30031)], [tcp!(80, 30032), udp!(81, 30032)], [30032, 30032]],
    ['are nobody else’s', [tcp!(80, 30033)], [udp!(80, 30001)], allocated(0, 30001)],
  ])('%s', async (_, before, after, said) => {
    expect(await change(before, after)).toEqual(said);
  });

  it('are others for a protocol that joins', async () => {
    const [one, two] = (await change([tcp!(53, 30040)], [tcp!(53, 30040), udp!(53)])) as number[];
    expect(one).toBe(30040);
    expect(two).toBeGreaterThanOrEqual(30000);
    expect(two).not.toBe(one);
  });
});

it('of two that ask at once for one number, for different protocols, one has it', async () => {
  const asked = await Promise.all([create([tcp!(80, 30050)]), create([udp!(80, 30050)])]);
  expect(asked.map(({ said }) => said)).toEqual(expect.arrayContaining([[30050], allocated(0, 30050)]));
});

it('a number that was picked and is taken before it is stored is not told as one that was asked for', async () => {
  let asked = 0;
  // Free when it is picked, and somebody's from then on.
  const get = async () => ({
    entry: asked++ < 3 ? undefined : { key: '', value: new Uint8Array(), revision: 1 },
    revision: 1,
  });
  const ranges = { first: 30000, last: 32767 };
  const pool = {
    isNew: true,
    before: new Set<string>(),
    taken: new Set<string>(),
    store: { get } as unknown as Store,
    addresses: ranges,
    nodePorts: ranges,
    handedOut: [ranges],
  };
  const draft = { metadata: { name: 'raced' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } };
  expect(await allocateNodePorts(draft, pool, api.ctx)).toEqual([]);
  const given = { metadata: { name: 'asked' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30500 }] } };
  expect(await allocateNodePorts(given, pool, api.ctx)).toHaveLength(1);
});
