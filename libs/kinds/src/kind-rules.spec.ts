import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';
import { faultsOf, faultsOfStatus, kindOf, now, words } from './kind-faults.fixture.ts';

it.each<[string, object, string[]]>([
  [
    'Lease',
    { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
    [
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    ],
  ],
  [
    'Lease',
    { spec: { preferredHolder: 'me' } },
    ['spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined'],
  ],
  [
    'Namespace',
    { spec: { finalizers: ['mine'] } },
    ['spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified'],
  ],
  ['Namespace', { spec: { finalizers: ['example.test/mine', 'orphan'] } }, []],
])('a %s of %j: %j', (kind, object, faults) => {
  expect(faultsOf(kind, object)).toEqual(faults);
});

it('a namespace is on its way out exactly when its deletion was asked for', () => {
  const namespaces = kindOf('Namespace');
  const faults = (phase: string, deletionTimestamp?: string) => {
    const namespace = { metadata: { name: 'a', deletionTimestamp }, status: { phase } } as KubeObject;
    return words(namespaces.validateUpdate!(namespace, namespace, { subresource: 'status', now }));
  };
  expect([faults('Active'), faults('Terminating', '2026-11-24T10:00:00Z')]).toEqual([[], []]);
  expect(faults('Terminating')).toEqual([
    'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
  ]);
});

/** Of each kind with a status, one that nobody may write. */
const wrongStatus: Readonly<Record<string, object>> = {
  APIService: { conditions: [{ type: 'Available', status: 'Maybe' }] },
  CustomResourceDefinition: { acceptedNames: { plural: 'La mps', kind: 'Lamp' } },
  CertificateSigningRequest: { conditions: [{ type: 'Approved', status: 'Maybe' }] },
  Deployment: { replicas: -1 },
  Namespace: { phase: 'Terminating' },
  Node: { capacity: { cpu: '-1' } },
  Pod: { podIP: 'x' },
  ReplicaSet: { replicas: -1 },
  Service: { loadBalancer: { ingress: [{ ip: 'x', ipMode: 'VIP' }] } },
};

it.each(builtinKinds.filter(({ statusSubresource }) => statusSubresource).map(({ kind, example }) => [kind, example]))(
  'a status of a %s is checked as well',
  (kind, example) => {
    const before = structuredClone(example);
    expect(faultsOfStatus(kind, before, before)).toEqual([]);
    expect(faultsOfStatus(kind, before, { ...before, status: wrongStatus[kind] })).not.toEqual([]);
  },
);
