import type { EndpointSlice, Endpoints, Service } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';
import { MANAGER } from './endpointslice-mirroring.plan.ts';

const service = (spec: object = {}): Service =>
  ({ metadata: { name: 'db' }, spec: { ports: [{ port: 80 }], ...spec } }) as Service;
const endpoints = (over: object = {}): Endpoints => ({
  metadata: { name: 'db', ...over },
  subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }],
});
const mirrored = async (on: TestCluster) =>
  (await on.all<EndpointSlice>(refs.endpointSlices, 'default'))
    .filter(({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === MANAGER)
    .map((slice) => slice.endpoints?.flatMap(({ addresses }) => addresses));

it('Endpoints of a service without selector are mirrored as long as they and it are there', async () => {
  await using on = await builtinCluster();
  await on.make(refs.endpoints, endpoints());
  await on.pass(500);
  expect(await mirrored(on)).toEqual([]);
  await on.make(refs.services, service());
  await on.pass(500);
  expect(await mirrored(on)).toEqual([['10.1.2.3']]);
  await on.patch(refs.endpoints, 'db', { subsets: [{ addresses: [{ ip: '10.2.3.4' }], ports: [{ port: 81 }] }] });
  await on.pass(500);
  expect(await mirrored(on)).toEqual([['10.2.3.4']]);
  await on.admin.resource(refs.endpoints).delete({ namespace: 'default', name: 'db' }, {}, on.ctx);
  await on.pass(500);
  expect(await mirrored(on)).toEqual([]);
});

it('a slice that is deleted or changed by hand is put right', async () => {
  await using on = await builtinCluster();
  await on.make(refs.services, service());
  await on.make(refs.endpoints, endpoints());
  await on.pass(500);
  const slices = async () => on.all<EndpointSlice>(refs.endpointSlices, 'default');
  const [{ metadata }] = (await slices()) as [EndpointSlice];
  await on.patch(refs.endpointSlices, metadata.name!, { endpoints: [] });
  await on.pass(500);
  expect(await mirrored(on)).toEqual([['10.1.2.3']]);
  await on.admin.resource(refs.endpointSlices).delete({ namespace: 'default', name: metadata.name! }, {}, on.ctx);
  await on.pass(500);
  expect(await mirrored(on)).toEqual([['10.1.2.3']]);
});

it.each<[string, object, object]>([
  ['of a service with a selector', { selector: { app: 'db' } }, {}],
  ['that ask not to be', {}, { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }],
  ['that are a lock', {}, { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }],
])('Endpoints %s are not mirrored', async (_what, spec, metadata) => {
  await using on = await builtinCluster();
  await on.make(refs.endpoints, endpoints(metadata));
  await on.make(refs.services, service(spec));
  await on.pass(500);
  expect(await mirrored(on)).toEqual([]);
});
