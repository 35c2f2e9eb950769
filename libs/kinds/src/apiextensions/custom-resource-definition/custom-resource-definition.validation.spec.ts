import { expect, it } from 'vitest';
import { faultsOfNext, lamps, named, version } from './definition.fixture.ts';

const served = {
  status: {
    storedVersions: ['v1'],
    acceptedNames: { plural: 'lamps', kind: 'Lamp' },
    conditions: [
      { type: 'Established', status: 'True', lastTransitionTime: '2026-11-24T10:00:00Z', reason: 'a', message: '' },
    ],
  },
};
const stored = (...storedVersions: string[]) => ({ status: { ...served.status, storedVersions } });
const withServed = (o: object) => ({ ...o, ...served });
const two = (first: Record<string, unknown>, second: Record<string, unknown>) =>
  lamps({ versions: [version('v1', first), version('v2', second)] });

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, object, string[]]>([
  ['nothing', withServed(lamps()), lamps(), []],
  [
    'the group',
    withServed(lamps()),
    lamps({ group: 'example.org' }),
    ['spec.group: Invalid value: "example.org": field is immutable'],
  ],
  [
    'the plural',
    lamps(),
    named({ plural: 'lights' }),
    ['spec.names.plural: Invalid value: "lights": field is immutable'],
  ],
  [
    'kind and scope before it is served',
    lamps(),
    lamps({ scope: 'Cluster', names: { plural: 'lamps', singular: 'light', kind: 'Light', listKind: 'LightList' } }),
    [],
  ],
  [
    'kind and scope once it is served',
    withServed(lamps()),
    lamps({ scope: 'Cluster', names: { plural: 'lamps', singular: 'light', kind: 'Light', listKind: 'LightList' } }),
    [
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Light": field is immutable',
    ],
  ],
  [
    'other names once it is served',
    withServed(lamps()),
    named({ singular: 'light', listKind: 'Lamps', shortNames: ['l'], categories: ['all'] }),
    [],
  ],
  [
    'everything at once',
    withServed(lamps()),
    lamps({ group: 'b', scope: '', names: { plural: 'lights', kind: 'Light', listKind: 'Light' } }),
    [
      'spec.group: Invalid value: "b": should be a domain with at least one dot',
      'spec.scope: Required value',
      'spec.names.listKind: Invalid value: "Light": kind and listKind may not be the same',
      'spec.scope: Invalid value: "": field is immutable',
      'spec.names.kind: Invalid value: "Light": field is immutable',
      'spec.group: Invalid value: "b": field is immutable',
      'spec.names.plural: Invalid value: "lights": field is immutable',
    ],
  ],
  ['another version is stored', { ...two({}, {}), ...stored('v1') }, two({ storage: false }, { storage: true }), []],
  [
    'a version goes that was stored',
    { ...two({ storage: false }, { storage: true }), ...stored('v1', 'v2') },
    lamps({ versions: [version('v2', { storage: true })] }),
    [
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
    ],
  ],
  ['a version goes that was not stored', { ...two({}, {}), ...stored('v1') }, lamps(), []],
  [
    'all versions go',
    withServed(lamps()),
    lamps({ versions: [] }),
    [
      'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
    ],
  ],
  [
    'unknown fields are preserved',
    withServed(lamps()),
    lamps({ preserveUnknownFields: true }),
    [
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
  ],
  [
    'unknown fields are preserved as they were',
    withServed(lamps({ preserveUnknownFields: true })),
    lamps({ preserveUnknownFields: true }),
    [],
  ],
  ['unknown fields are no longer preserved', withServed(lamps({ preserveUnknownFields: true })), lamps(), []],
])('a change: %s', (_, before, after, faults) => {
  expect(faultsOfNext(before, after)).toEqual(faults);
});
