import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { kindOf, now } from '../../kind-faults.fixture.ts';

/** More than a function takes arguments, with the large stack that a test has, too. */
const COUNT = 600_000;
/** No more are told to anybody. */
const TOLD = 500;
const many = <T>(item: T): T[] => Array.from({ length: COUNT }, () => item);

const podWith = (spec: object): object => ({ spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
const volumesOf = (volume: object): object => podWith({ volumes: [{ name: 'v', ...volume }] });
const term = 'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';
const affinityOf = (more: object): object =>
  podWith({
    affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a', ...more }] },
    },
  });
const preferred = 'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference';
const preferring = (preference: object): object =>
  podWith({
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] } },
  });
const selectorOf = (values: readonly string[]): object => ({
  spec: {
    selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values }] },
    template: { metadata: { labels: { a: 'b' } }, ...podWith({}) },
  },
});

it.each<[string, string, object, (i: number) => string]>([
  [
    'files of a Secret',
    'Pod',
    volumesOf({ secret: { secretName: 's', items: many({ key: '', path: 'a' }) } }),
    (i) => `spec.volumes[0].secret.items[${i}].key`,
  ],
  [
    'files of a ConfigMap',
    'Pod',
    volumesOf({ configMap: { name: 's', items: many({ key: 'a', path: '' }) } }),
    (i) => `spec.volumes[0].configMap.items[${i}].path`,
  ],
  [
    'files of the downward API',
    'Pod',
    volumesOf({
      downwardAPI: { items: many({ path: '', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }) },
    }),
    () => 'spec.volumes[0].downwardAPI.path',
  ],
  [
    'projected files',
    'Pod',
    volumesOf({ projected: { sources: [{ secret: { name: 's', items: many({ key: 'a', path: '' }) } }] } }),
    (i) => `spec.volumes[0].projected.sources[0].secret.items[${i}].path`,
  ],
  ['namespaces of an affinity', 'Pod', affinityOf({ namespaces: many('-') }), () => `${term}.namespace`],
  [
    'expressions of a preference',
    'Pod',
    preferring({ matchExpressions: many({ key: 'a', operator: '' }) }),
    (i) => `${preferred}.matchExpressions[${i}].operator`,
  ],
  [
    'headers of a probe',
    'Pod',
    podWith({
      containers: [{ name: 'c', image: 'i', livenessProbe: { httpGet: { port: 1, httpHeaders: many({ name: '' }) } } }],
    }),
    () => 'spec.containers[0].livenessProbe.httpGet.httpHeaders',
  ],
  [
    'values of a selector',
    'Deployment',
    selectorOf(many('-')),
    (i) => `spec.selector.matchExpressions[0].values[${i}]`,
  ],
])('%s, all wrong, are told of, each once and as many as anybody is told', (_, kind, object, place) => {
  const draft = { metadata: { name: 'a', namespace: 'b' }, ...object } as KubeObject;
  const faults = kindOf(kind).validate?.(draft, { subresource: '', now }) ?? [];
  const from = faults.findIndex(({ field }) => field === place(0));
  const told = faults.slice(from, from + TOLD);
  expect([from >= 0, told.length]).toEqual([true, TOLD]);
  expect(told.findIndex(({ field }, i) => field !== place(i))).toBe(-1);
});
