import { fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../types.ts';
import { podDefaults } from './pod.defaults.ts';
import { validatePod, validatePodUpdate } from './pod.validation.ts';

type Loose = Record<string, unknown>;
const container = (more: Loose = {}): Loose => ({ name: 'web', image: 'web:1', ...more });

function pod(spec: Loose): Pod {
  const draft = { metadata: { name: 'web' }, spec: structuredClone({ containers: [container()], ...spec }) };
  podDefaults(draft as KubeObject);
  return draft as unknown as Pod;
}

const faults = (spec: Loose): string[] =>
  validatePod(pod(spec)).map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);
const faultsOfContainer = (more: Loose, spec: Loose = {}): string[] =>
  faults({ containers: [container(more)], ...spec });

describe('a pod’s faults', () => {
  it('a full pod has none', () => {
    const probe = { httpGet: { port: 'http' }, periodSeconds: 5 };
    const resources = { limits: { cpu: '1', memory: '1Gi', 'example.com/gpu': '1' }, requests: { cpu: '500m' } };
    const full = container({
      ports: [{ name: 'http', containerPort: 80, hostPort: 8080 }],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
      envFrom: [{ configMapRef: { name: 'c' } }],
      volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'a/b' }],
      livenessProbe: probe,
      readinessProbe: probe,
      resources,
    });
    const volumes = [
      { name: 'data' },
      { name: 'c', configMap: { name: 'c', items: [{ key: 'k', path: 'p', mode: 256 }] } },
      {
        name: 't',
        projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'ca' } }] },
      },
    ];
    const tolerations = [
      { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
      { operator: 'Exists' },
    ];
    expect(
      faults({
        containers: [full],
        initContainers: [container({ name: 'init' })],
        volumes,
        tolerations,
        nodeSelector: { a: 'b' },
      }),
    ).toEqual([]);
  });

  it.each<[Loose, string]>([
    [{ containers: [] }, 'spec.containers: Required value'],
    [{ containers: [container(), container()] }, 'spec.containers[1].name: Duplicate value: "web"'],
    [{ initContainers: [container()] }, 'spec.initContainers[0].name: Duplicate value: "web"'],
    [
      { initContainers: [container({ name: 'i', livenessProbe: { exec: { command: ['x'] } } })] },
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
    [
      { restartPolicy: 'Sometimes' },
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      { dnsPolicy: 'None' },
      'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
    ],
    [
      { activeDeadlineSeconds: 0 },
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
    ],
    [
      { terminationGracePeriodSeconds: -1 },
      'spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0',
    ],
    [{ volumes: [{ name: 'a' }, { name: 'a' }] }, 'spec.volumes[1].name: Duplicate value: "a"'],
    [
      { volumes: [{ name: 'a', emptyDir: {}, hostPath: { path: '/x' } }] },
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [{ volumes: [{ name: 'a', secret: {} }] }, 'spec.volumes[0].secret.secretName: Required value'],
    [
      { volumes: [{ name: 'a', configMap: { name: 'c', defaultMode: 512 } }] },
      'spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
    ],
    [
      { volumes: [{ name: 'a', configMap: { name: 'c', items: [{ key: 'k', path: '../x' }] } }] },
      'spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain \'..\'',
    ],
    [
      { volumes: [{ name: 'a', hostPath: { path: '/a/../b' } }] },
      'spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
    ],
    [
      { volumes: [{ name: 'a', projected: { sources: [{}] } }] },
      'spec.volumes[0].projected.sources[0]: Required value: must specify a projection type',
    ],
    [
      { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
      'spec.tolerations[0]: Invalid value: "x": value must be empty when `operator` is \'Exists\'',
    ],
    [
      { tolerations: [{ value: 'x' }] },
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
    [
      { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } } },
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
    ],
    [{ schedulingGates: [{ name: 'a' }, { name: 'a' }] }, 'spec.schedulingGates[1]: Duplicate value: "a"'],
    [
      { securityContext: { runAsUser: -5 } },
      'spec.securityContext.runAsUser: Invalid value: -5: must be between 0 and 2147483647, inclusive',
    ],
  ])('%j: %s', (spec, fault) => {
    expect(faults(spec)).toContain(fault);
  });

  it.each<[Loose, string]>([
    [{ name: '' }, '.name: Required value'],
    [{ image: '' }, '.image: Required value'],
    [{ image: ' web' }, '.image: Invalid value: " web": must not have leading or trailing whitespace'],
    [{ ports: [{}] }, '.ports[0].containerPort: Required value'],
    [
      { ports: [{ containerPort: 70000 }] },
      '.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [
      {
        ports: [
          { containerPort: 1, name: 'a' },
          { containerPort: 2, name: 'a' },
        ],
      },
      '.ports[1].name: Duplicate value: "a"',
    ],
    [
      {
        ports: [
          { containerPort: 1, hostPort: 5 },
          { containerPort: 2, hostPort: 5 },
        ],
      },
      '.ports[1].hostPort: Duplicate value: "TCP//5"',
    ],
    [
      { env: [{ name: 'A=B' }] },
      '.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
    ],
    [
      { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      '.env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
    [
      { env: [{ name: 'A', valueFrom: {} }] },
      '.env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
    [{ volumeMounts: [{ name: 'x', mountPath: '/x' }] }, '.volumeMounts[0].name: Not found: "x"'],
    [
      { resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } },
      '.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
    ],
    [
      { resources: { requests: { 'example.com/gpu': '1' } } },
      '.resources.limits: Required value: Limit must be set for non overcommitable resources',
    ],
    [
      { resources: { limits: { cpu: '-1' } } },
      '.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      { resources: { limits: { speed: '1' } } },
      '.resources.limits[speed]: Invalid value: "speed": must be a standard resource type or fully qualified',
    ],
    [{ livenessProbe: {} }, '.livenessProbe: Required value: must specify a handler type'],
    [
      { livenessProbe: { exec: { command: ['x'] }, tcpSocket: { port: 1 } } },
      '.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
    ],
    [
      { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } },
      '.livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
    [
      { readinessProbe: { httpGet: { port: 0 } } },
      '.readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ])('a container with %j: %s', (more, fault) => {
    expect(faultsOfContainer(more)).toContain(`spec.containers[0]${fault}`);
  });

  it('two mounts may not share a path, and a sub path stays below', () => {
    const volumeMounts = [
      { name: 'a', mountPath: '/x' },
      { name: 'a', mountPath: '/x', subPath: '/abs' },
    ];
    expect(faultsOfContainer({ volumeMounts }, { volumes: [{ name: 'a' }] })).toEqual([
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique',
      'spec.containers[0].volumeMounts[1].subPath: Invalid value: "/abs": must be a relative path',
    ]);
  });
});

describe('an update of a pod', () => {
  const update = (before: Loose, after: Loose, subresource = ''): string[] =>
    validatePodUpdate(pod(after), pod(before), { subresource, now: new Date(0) }).map(
      (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
    );
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute' };

  it.each<[string, Loose, Loose]>([
    ['an image', {}, { containers: [container({ image: 'web:2', imagePullPolicy: 'IfNotPresent' })] }],
    ['a further toleration', { tolerations: [toleration] }, { tolerations: [toleration, { operator: 'Exists' }] }],
    [
      'how long it tolerates',
      { tolerations: [toleration] },
      { tolerations: [{ ...toleration, tolerationSeconds: 5 }] },
    ],
    ['a first deadline', {}, { activeDeadlineSeconds: 5 }],
    ['an earlier deadline', { activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 4 }],
    ['a gate taken away', { schedulingGates: [{ name: 'a' }, { name: 'b' }] }, { schedulingGates: [{ name: 'a' }] }],
    [
      'where to run, while gated',
      { schedulingGates: [{ name: 'a' }] },
      { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b' } },
    ],
    [
      'a grace period of one, when it was negative',
      { terminationGracePeriodSeconds: -1 },
      { terminationGracePeriodSeconds: 1 },
    ],
  ])('may change %s', (_name, before, after) => {
    expect(update(before, after)).toEqual([]);
  });

  it.each<[Loose, Loose, string]>([
    [{}, { nodeName: 'n' }, 'spec: Forbidden: pod updates may not change fields other than'],
    [{}, { nodeName: 'n' }, 'changed: spec.nodeName'],
    [{ tolerations: [toleration] }, { tolerations: [] }, 'pod updates may not change fields other than'],
    [{}, { containers: [container({ args: ['x'] })] }, 'changed: spec.containers'],
    [
      {},
      { containers: [container(), container({ name: 'b' })] },
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ],
    [{ activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 6 }, 'must be less than or equal to previous value'],
    [{ activeDeadlineSeconds: 5 }, {}, 'must not update from a positive integer to nil value'],
    [{}, { schedulingGates: [{ name: 'x' }] }, "only deletion is allowed, but found new scheduling gate 'x'"],
  ])('from %j to %j is refused', (before, after, words) => {
    expect(update(before, after).join('\n')).toContain(words);
  });

  it('is bound by this on the main resource only', () => {
    expect(update({}, { nodeName: 'n' }, 'binding')).toEqual([]);
  });
});
