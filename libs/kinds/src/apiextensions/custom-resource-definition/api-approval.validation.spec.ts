import { expect, it } from 'vitest';
import { faultsOfNew, lamps } from './definition.fixture.ts';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'of the community',
    lamps(
      { group: 'a.k8s.io' },
      {
        metadata: {
          name: 'lamps.a.k8s.io',
          annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/1' },
        },
      },
    ),
    [],
  ],
  [
    'missing',
    lamps({ group: 'a.k8s.io' }, { metadata: { name: 'lamps.a.k8s.io' } }),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    'missing in the other domain',
    lamps({ group: 'kubernetes.io' }, { metadata: { name: 'lamps.kubernetes.io' } }),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    'a word',
    lamps(
      { group: 'a.k8s.io' },
      { metadata: { name: 'lamps.a.k8s.io', annotations: { 'api-approved.kubernetes.io': 'yes' } } },
    ),
    [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "yes": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  ],
  [
    'not asked for',
    lamps(
      { group: 'a.k8s.io' },
      { metadata: { name: 'lamps.a.k8s.io', annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' } } },
    ),
    [],
  ],
  ['of another domain', lamps({ group: 'notk8s.io' }, { metadata: { name: 'lamps.notk8s.io' } }), []],
])('approval: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
