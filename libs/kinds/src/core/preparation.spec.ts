import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { namespaceResource } from './namespace/namespace.resource.ts';
import { nodeResource } from './node/node.resource.ts';
import { secretResource } from './secret/secret.resource.ts';
import { serviceAccountResource } from './service-account/service-account.resource.ts';

const object = (fields: object) => ({ metadata: { name: 'a' }, ...fields }) as KubeObject;

it('gives a namespace its finalizer, and lets an update take none away', () => {
  const draft = object({ spec: { finalizers: ['example.test/mine'] }, status: { phase: 'Terminating' } });
  namespaceResource.prepareForCreate!(draft);
  expect(draft).toMatchObject({
    spec: { finalizers: ['example.test/mine', 'kubernetes'] },
    status: { phase: 'Active' },
  });
  const update = object({ spec: {} });
  namespaceResource.prepareForUpdate!(update, draft);
  expect(update).toMatchObject({ spec: { finalizers: ['example.test/mine', 'kubernetes'] } });
});

it('turns the text of a secret into data, text winning over data', () => {
  const draft = object({ data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'grün' } });
  secretResource.defaults!(draft);
  expect(draft).toEqual(object({ type: 'Opaque', data: { a: Buffer.from('grün').toString('base64'), b: 'Yg==' } }));
});

it('keeps of a service account’s secrets only the names', () => {
  const draft = object({ secrets: [{ name: 's', namespace: 'x', kind: 'Secret' }] });
  serviceAccountResource.prepareForCreate!(draft);
  expect(draft).toEqual(object({ secrets: [{ name: 's' }] }));
});

it.each([
  [{ status: { capacity: { cpu: '2' } } }, { status: { capacity: { cpu: '2' }, allocatable: { cpu: '2' } } }],
  [{ status: { capacity: { cpu: '2' }, allocatable: {} } }, { status: { capacity: { cpu: '2' }, allocatable: {} } }],
  [{ spec: { podCIDR: '10.0.0.0/24' } }, { spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] } }],
  [{ spec: { podCIDRs: ['10.0.0.0/24'] } }, { spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] } }],
])('fills in of a node %j: %j', (said, filled) => {
  const draft = object(said);
  nodeResource.defaults!(draft);
  expect(draft).toEqual(object(filled));
});
