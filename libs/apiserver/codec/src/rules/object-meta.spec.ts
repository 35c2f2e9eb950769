import { builtinKinds } from '@kubernest/kinds';
import { fieldErrorBody, type ObjectMeta } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { validateMeta } from './object-meta.ts';

const configMaps = builtinKinds.find((each) => each.kind === 'ConfigMap')!;
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };

it.each<[Partial<ObjectMeta>, string[]]>([
  [
    { labels: { 'example.test/a': 'b' }, annotations: { 'UPPER/a': 'any thing' }, finalizers: ['a.test/b', 'orphan'] },
    [],
  ],
  [{ generateName: 'job-' }, []],
  [
    { generateName: 'Job-' },
    [expect.stringContaining('metadata.generateName: Invalid value: "Job-": a lowercase RFC 1123 subdomain') as string],
  ],
  [{ namespace: undefined }, ['metadata.namespace: Required value']],
  [
    { labels: { 'a/b/c': 'd' } },
    [expect.stringContaining('metadata.labels: Invalid value: "a/b/c": a valid label key must consist of') as string],
  ],
  [
    { annotations: { a: 'x'.repeat(256 * 1024) } },
    ['metadata.annotations: Too long: may not be more than 262144 bytes'],
  ],
  [
    { finalizers: ['mine', 'orphan', 'foregroundDeletion'] },
    [
      'metadata.finalizers: Invalid value: ["mine","orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],
  [
    { ownerReferences: [{ ...owner, apiVersion: '', uid: '' }] },
    [
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
  ],
  [
    { ownerReferences: [{ ...owner, kind: 'Event' }] },
    [
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"p","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
    ],
  ],
  [
    {
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: 'q', controller: true },
      ],
    },
    [
      expect.stringContaining(
        'Only one reference can have Controller set to true. Found "true" in references for Pod/p and Pod/q',
      ) as string,
    ],
  ],
])('of metadata %j says %j', (meta, faults) => {
  const found = [...validateMeta(configMaps, { name: 'a', namespace: 'default', ...meta })].flat();
  expect(found.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`)).toEqual(faults);
});
