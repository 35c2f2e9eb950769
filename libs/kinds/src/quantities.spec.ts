import { decodeBySchema, type Json } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';

function decoded(kind: string, object: object): unknown {
  const { schema, version } = builtinKinds.find((each) => each.kind === kind)!;
  return decodeBySchema(schema, structuredClone(object) as Json, { kind, version, collectUnknown: true }).value;
}
const list = (amount: string) => ({ cpu: amount, memory: '1Gi' });
const resources = (amount: string) => ({ limits: list(amount), requests: list(amount) });
const pod = (amount: string) => ({
  containers: [{ resources: resources(amount) }],
  initContainers: [{ resources: resources(amount) }],
  ephemeralContainers: [{ resources: resources(amount) }],
  overhead: list(amount),
  resources: resources(amount),
  volumes: [{ ephemeral: { volumeClaimTemplate: { spec: { resources: resources(amount) } } } }],
});

/** Every place of the kinds served where Kubernetes rounds up. */
const places: readonly [string, (amount: string) => object][] = [
  ['Pod', (amount) => ({ spec: pod(amount) })],
  [
    'Pod',
    (amount) => ({
      status: { containerStatuses: [{ allocatedResources: list(amount), resources: resources(amount) }] },
    }),
  ],
  ['Deployment', (amount) => ({ spec: { template: { spec: pod(amount) } } })],
  ['ReplicaSet', (amount) => ({ spec: { template: { spec: pod(amount) } } })],
  ['Node', (amount) => ({ status: { capacity: list(amount), allocatable: list(amount) } })],
];

it.each(places)('lists of resources of a %s know no less than a thousandth', (kind, at) => {
  for (const [sent, answered] of [
    ['100u', '1m'],
    ['1.0001', '1001m'],
    ['1000m', '1'],
    ['1.500', '1.500'],
  ] as const)
    expect(decoded(kind, at(sent))).toEqual(at(answered));
});

it('an amount that is in no list is as exact as quantities are', () => {
  const volumes = (sizeLimit: string) => ({ spec: { volumes: [{ emptyDir: { sizeLimit } }] } });
  expect(decoded('Pod', volumes('0.0001'))).toEqual(volumes('100u'));
});
