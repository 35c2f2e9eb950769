import type { AdmissionPlugin } from '@kubernest/apiserver/contract';
import { createClient } from '@kubernest/client';
import type { Service } from '@kubernest/kinds';
import { clone } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import { serviceAllocation } from './service-allocation.plugin.ts';

const ranges = { serviceCidr: '10.96.0.0/28', nodePorts: { first: 30000, last: 30010 } };

it('node ports that nobody asks for are the own ones first, then those above the static band, then the band', async () => {
  const own = { first: 30004, last: 30006 };
  const nodePorts = { first: 30000, last: 30019 };
  const running = await testServer({
    admission: (core) => [
      serviceAllocation({ ...ranges, nodePorts, ownNodePorts: own, serviceCidr: '10.96.0.0/24' }, core),
    ],
  });
  onTestFinished(() => running[Symbol.asyncDispose]());
  const transport = running.transport();
  const services = createClient(transport).resource<Service>({ group: '', version: 'v1', resource: 'services' });
  const portFor = async (name: string, asked: { nodePort?: number } = {}) => {
    const metadata = { namespace: 'default', name };
    const spec = { type: 'NodePort', ports: [{ port: 80, ...asked }] };
    const made = await services.create({ apiVersion: 'v1', kind: 'Service', metadata, spec }, {}, running.ctx);
    return made.spec?.ports?.[0]?.nodePort;
  };
  const ports = async (count: number, prefix: string) => {
    const given = [];
    for (let index = 0; index < count; index++) given.push(await portFor(`${prefix}-${index}`));
    return given.toSorted();
  };

  expect(await portFor('asked', { nodePort: 30002 })).toBe(30002);
  expect(await ports(3, 'own')).toEqual([30004, 30005, 30006]);
  // The static band of twenty is sixteen wide.
  expect(await ports(4, 'dynamic')).toEqual([30016, 30017, 30018, 30019]);
  expect((await ports(12, 'rest')).every((port) => port! < 30016)).toBe(true);
  await expect(portFor('one-more')).rejects.toThrow('failed to allocate a nodePort: range is full');
});

it('the first and the tenth address go only to those who ask for them, also when all others are taken', async () => {
  const running = await testServer({ admission: (core) => [serviceAllocation(ranges, core)] });
  onTestFinished(() => running[Symbol.asyncDispose]());
  const transport = running.transport();
  const services = createClient(transport).resource<Service>({ group: '', version: 'v1', resource: 'services' });
  const addressFor = async (name: string, asked: { clusterIP?: string } = {}) => {
    const spec = { ports: [{ port: 80 }], ...asked };
    const metadata = { namespace: 'default', name };
    const made = await services.create({ apiVersion: 'v1', kind: 'Service', metadata, spec }, {}, running.ctx);
    return made.spec?.clusterIP;
  };

  const given = [];
  for (let index = 0; index < 12; index++) given.push(await addressFor(`s-${index}`));
  const others = [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14];
  expect(new Set(given)).toEqual(new Set(others.map((last) => `10.96.0.${last}`)));
  await expect(addressFor('one-more')).rejects.toThrow('failed to allocate a serviceIP: range is full');
  expect(await addressFor('dns', { clusterIP: '10.96.0.10' })).toBe('10.96.0.10');
  expect(await addressFor('first', { clusterIP: '10.96.0.1' })).toBe('10.96.0.1');
});

it('who validates a Service sees the address and the ports that it gets', async () => {
  const seen: unknown[] = [];
  const witness: AdmissionPlugin = {
    name: 'witness',
    sees: { resources: ['services'], on: ['create', 'update'] },
    validate: ({ operation, object }) => void seen.push([operation, clone((object as Service).spec)]),
  };
  await using api = await testServer({ admission: (core) => [serviceAllocation(ranges, core), witness] });
  const url = '/api/v1/namespaces/default/services';
  const spec = { type: 'ClusterIP', ports: [{ port: 80 }] };
  const { object: made } = await api.call(`POST ${url}`, { metadata: { generateName: 's-' }, spec });
  const changed = { ...made, spec: { ...made.spec, type: 'NodePort' } };
  const { object: updated } = await api.call(`PUT ${url}/${made.metadata.name}`, changed);
  expect(updated.spec.ports[0].nodePort).toBeGreaterThanOrEqual(ranges.nodePorts.first);
  expect(seen).toEqual([
    ['create', made.spec],
    ['update', updated.spec],
  ]);
  expect(made.spec.clusterIP).toMatch(/^10\.96\./);
});
