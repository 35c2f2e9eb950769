import type { PodSpec } from '@kubernest/api-types/core/v1';
import { collectWarnings, mostPairs } from '@kubernest/definitions';
import { describe, expect, it } from 'vitest';
import { type PodLike, warnOfPod, warnOfPodTemplate } from './pod-spec.warnings.ts';

const ofPod = (pod: PodLike) => collectWarnings((warn) => warnOfPod(pod, warn));
const ofTemplate = (template: PodLike, path: string) =>
  collectWarnings((warn) => warnOfPodTemplate(template, path, warn));
const spec = (over: object): PodSpec => ({ containers: [], ...over }) as PodSpec;
const pod = (over: object): PodLike => ({ spec: spec(over) });
const web = (over: object) => pod({ containers: [{ name: 'web', ...over }] });
const annotated = (annotations: Record<string, string>, over: object = {}): PodLike => ({
  metadata: { annotations },
  spec: spec(over),
});
const env = (...env: readonly object[]) => web({ env });
const port = (over: object) => ({ containerPort: 80, protocol: 'TCP', ...over });
const volume = (over: object) => pod({ volumes: [{ name: 'v', ...over }] });
const noMatch = 'labelSelector: a null labelSelector results in matching no pod';
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

const cases: readonly [string, PodLike, readonly string[]][] = [
  ['nothing where all is well', web({ env: [{ name: 'A' }], ports: [port({ name: 'http' })] }), []],
  [
    'a label of nodes that has another name today, in a selector',
    pod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux', mine: 'x' } }),
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'such a label in an affinity, and a value there that none can have',
    pod({
      affinity: {
        nodeAffinity: {
          [required]: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'app.kubernetes.io/created-by' }] }] },
          [preferred]: [{ preference: { matchExpressions: [{ key: 'k', values: ['ok', '-'] }] } }],
        },
      },
    }),
    [
      `spec.affinity.nodeAffinity.${required}.nodeSelectorTerms[0].matchExpressions[0].key: app.kubernetes.io/created-by is deprecated since v1.9`,
      expect.stringMatching(
        new RegExp(
          `^spec.affinity.nodeAffinity.${preferred}\\[0\\].preference.matchExpressions\\[0\\].values\\[1\\]: - is invalid, a valid label`,
        ),
      ),
    ],
  ],
  [
    'selectors that match no pod',
    pod({
      topologySpreadConstraints: [{ topologyKey: 'node-role.kubernetes.io/master' }],
      affinity: { podAffinity: { [required]: [{}] }, podAntiAffinity: { [preferred]: [{ podAffinityTerm: {} }] } },
    }),
    [
      'spec.topologySpreadConstraints[0].topologyKey: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead',
      `spec.topologySpreadConstraints[0].${noMatch}`,
      `spec.affinity.podAffinity.${required}[0].${noMatch}`,
      `spec.affinity.podAntiAffinity.${preferred}[0].podAffinityTerm.${noMatch}`,
    ],
  ],
  [
    'annotations that nobody reads',
    annotated({ 'scheduler.alpha.kubernetes.io/critical-pod': '', 'seccomp.security.alpha.kubernetes.io/pod': 'x' }),
    [
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
  ],
  [
    'nothing of a seccomp annotation beside its field',
    annotated(
      { 'seccomp.security.alpha.kubernetes.io/pod': 'x' },
      { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    ),
    [],
  ],
  [
    'a volume of a kind that is gone',
    volume({ rbd: {} }),
    ['spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+'],
  ],
  [
    '… by its name in Go',
    volume({ storageos: {} }),
    ['spec.volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+'],
  ],
  [
    'a fraction of a byte in a claim',
    volume({ ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '100m' } } } } } }),
    [
      'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    'files over and below each other',
    volume({ configMap: { name: 'c', items: [{ path: 'a' }, { path: 'a/b' }, { path: 'ab' }, { path: 'a/' }] } }),
    [
      'volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"',
      'volume "v" (ConfigMap "c"): overlapping paths: "a" with "a"',
      'volume "v" (ConfigMap "c"): overlapping paths: "a" with "a/b"',
    ],
  ],
  [
    'the same of several sources, and one that is none',
    volume({
      projected: {
        sources: [
          { secret: { name: 's', items: [{ path: 'x/token' }] } },
          { serviceAccountToken: { path: 'x' } },
          {},
          { podCertificate: { keyPath: 'k' } },
        ],
      },
    }),
    [
      'volume "v" (Projected) has no sources provided',
      'volume "v" (Projected): overlapping paths: "x" (ServiceAccountToken) with "x/token" (Secret "s")',
    ],
  ],
  [
    'what is named twice or not at all',
    pod({ hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }], imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] }),
    [
      'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    'fractions of bytes, of every kind of container',
    pod({
      overhead: { memory: '1500m', cpu: '100m' },
      initContainers: [{ name: 'i', resources: { limits: { memory: '100m' } } }],
      containers: [{ name: 'c', resources: { requests: { memory: '1', 'ephemeral-storage': '1500m' } } }],
      ephemeralContainers: [{ name: 'e', resources: { limits: { memory: '1m' } } }],
    }),
    [
      'overhead[memory]: 1500m',
      'initContainers[0].resources.limits[memory]: 100m',
      'containers[0].resources.requests[ephemeral-storage]: 1500m',
      'ephemeralContainers[0].resources.limits[memory]: 1m',
    ].map((each) => `spec.${each.replace(/: (.*)/, ': fractional byte value "$1" is invalid, must be an integer')}`),
  ],
  [
    'a variable that hides another',
    env({ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }),
    ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  ['nothing of one that goes on from another', env({ name: 'A', value: '1' }, { name: 'A', value: '$(A):2' }), []],
  [
    'one that is made of nothing but itself, or from elsewhere',
    env({ name: 'A' }, { name: 'A', value: '$(A)' }, { name: 'A', value: '$(A)b', valueFrom: {} }),
    [1, 2].map(
      (i) => `spec.containers[0].env[${i}]: hides previous definition of "A", which may be dropped when using apply`,
    ),
  ],
  [
    'ports that stand in the way of each other, across containers',
    pod({
      containers: [
        { name: 'a', ports: [port({ name: 'http' }), port({ protocol: 'UDP' })] },
        { name: 'b', ports: [port({}), port({ name: 'http', containerPort: 81 }), port({ hostPort: 8080 })] },
        { name: 'c', ports: [port({ hostPort: 8080, hostIP: '1.2.3.4' })] },
      ],
    }),
    [
      'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
      'spec.containers[1].ports[2]: overlapping port definition with spec.containers[0].ports[0]',
      'spec.containers[1].ports[2]: overlapping port definition with spec.containers[1].ports[0]',
      'spec.containers[2].ports[0]: overlapping port definition with spec.containers[0].ports[0]',
      'spec.containers[2].ports[0]: overlapping port definition with spec.containers[1].ports[0]',
      'spec.containers[2].ports[0]: dangerously ambiguous port definition with spec.containers[1].ports[2]',
      'spec.containers[1].ports[1]: duplicate port name "http" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
    ],
  ],
  [
    'an address without a port of the host',
    web({ ports: [port({ hostIP: '1.2.3.4' })] }),
    [
      'spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.2.3.4}',
    ],
  ],
  [
    'a time below nothing',
    pod({ terminationGracePeriodSeconds: -1 }),
    ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
  ],
  [
    'addresses in odd forms',
    pod({ dnsConfig: { nameservers: ['FE80::1', '010.0.0.1'] }, hostAliases: [{ ip: '::ffff:1.2.3.4' }] }),
    [
      'spec.dnsConfig.nameservers[0]: IPv6 address "FE80::1" should be in RFC 5952 canonical format ("fe80::1")',
      'spec.dnsConfig.nameservers[1]: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"',
      'spec.hostAliases[0].ip: non-standard IP address "::ffff:1.2.3.4" is invalid: use "1.2.3.4"',
    ],
  ],
];

describe('people are told of a pod', () => {
  it.each(cases)('%s', (_, pod, warnings) => {
    expect(ofPod(pod)).toEqual(warnings);
  });

  it('the same in a template, at its place', () => {
    for (const [, pod, warnings] of cases) {
      const inTemplate = ofTemplate(pod, 'spec.template');
      expect(inTemplate.map((text) => text.replaceAll('spec.template.', ''))).toEqual(warnings);
      expect(inTemplate.filter((text) => /^(spec|metadata)\.(?!template)/.test(text))).toEqual([]);
    }
  });

  it("an AppArmor annotation of a template that says something else than the pod's field", () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/web';
    const containers = [{ name: 'web' }];
    const told = (annotation: string, type?: string) =>
      ofTemplate(
        annotated({ [key]: annotation }, { containers, securityContext: type && { appArmorProfile: { type } } }),
        'spec.template',
      );
    const warning = `spec.template.metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`;
    expect(told('runtime/default')).toEqual([warning]);
    expect(told('runtime/default', 'Unconfined')).toEqual([warning]);
    expect(told('runtime/default', 'RuntimeDefault')).toEqual([]);
  });
});

describe('of a pod made to be slow, no more is told than an answer has room for', () => {
  it.each([
    ['ports', web({ ports: Array.from({ length: 50_000 }, () => port({})) })],
    ['files', volume({ secret: { items: Array.from({ length: 50_000 }, () => ({ path: 'a' })) } })],
    [
      'folders',
      volume({
        secret: {
          items: Array.from({ length: 2000 }, (_, i) => ({ path: `${i % 2 ? '' : 'x/'}${'a/'.repeat(i % 300)}b` })),
        },
      }),
    ],
  ])('%s', (_, pod) => {
    const warnings = ofPod(pod);
    expect(warnings.length).toBeGreaterThan(100);
    expect(warnings.length).toBeLessThanOrEqual(mostPairs);
  });
});
