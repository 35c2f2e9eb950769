import { describe, expect, it } from 'vitest';
import { container, faults, type Loose } from './pod.fixture.ts';

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
        serviceAccountName: 'a',
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
    [{ dnsPolicy: 'None' }, 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    [
      { dnsPolicy: 'None', dnsConfig: { searches: ['a.test'] } },
      'spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None',
    ],
    [
      { activeDeadlineSeconds: 0 },
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
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
      {
        volumes: [
          {
            name: 'a',
            projected: {
              sources: [{ configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] }, secret: { name: 's' } }],
            },
          },
        ],
      },
      'spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
    ],
    [
      {
        volumes: [
          {
            name: 'a',
            projected: {
              sources: ['c', 'd'].map((name) => ({ configMap: { name, items: [{ key: 'k', path: 'p' }] } })),
            },
          },
        ],
      },
      'spec.volumes[0].projected: Invalid value: "d": conflicting duplicate paths',
    ],
    [
      { volumes: [{ name: 'a', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
      'spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set',
    ],
    [
      { volumes: [{ name: 'a', hostPath: { path: '/a', type: 'Disk' } }] },
      'spec.volumes[0].hostPath.type: Unsupported value: "Disk": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
    [{ volumes: [{ name: 'a', nfs: { path: '/p' } }] }, 'spec.volumes[0].nfs.server: Required value'],
    [
      { volumes: [{ name: 'a', persistentVolumeClaim: {} }] },
      'spec.volumes[0].persistentVolumeClaim.claimName: Required value',
    ],
    [
      { volumes: [{ name: 'a', csi: { driver: 'd.e', nodePublishSecretRef: {} } }] },
      'spec.volumes[0].csi.nodePublishSecretRef.name: Required value',
    ],
    [{ volumes: [{ name: 'a', image: {} }] }, 'spec.volumes[0].image.reference: Required value'],
    [
      { volumes: [{ name: 'a', downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'status.podIP' } }] } }] },
      'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
    ],
    [
      { dnsConfig: { nameservers: ['dns'] } },
      'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } },
      'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]: must not have more than 3 nameservers',
    ],
    [
      { preemptionPolicy: 'Rude' },
      'spec.preemptionPolicy: Unsupported value: "Rude": supported values: "PreemptLowerPriority", "Never"',
    ],
    [
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
    ],
    [
      {
        topologySpreadConstraints: [1, 2].map((maxSkew) => ({
          maxSkew,
          topologyKey: 'z',
          whenUnsatisfiable: 'DoNotSchedule',
        })),
      },
      'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}"',
    ],
    [
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 },
        ],
      },
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
    ],
    [
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
    [
      { schedulingGates: [{ name: 'a' }], nodeName: 'n' },
      'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
    ],
    [
      { ephemeralContainers: [container({ name: 'e' })] },
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    ],
    [
      { hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] },
      'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
    ],
    [
      { hostAliases: [{ ip: 'x' }] },
      'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [{ hostUsers: false, hostPID: true }, 'spec.HostPID: Forbidden: when `hostUsers` is false'],
    [
      { shareProcessNamespace: true, hostPID: true },
      'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
    ],
    [
      { securityContext: { sysctls: [{ name: 'a' }, { name: 'a' }] } },
      'spec.securityContext.sysctls[1].name: Duplicate value: "a"',
    ],
    [
      {
        resources: { requests: { cpu: '1' } },
        containers: ['a', 'b'].map((name) => container({ name, resources: { requests: { cpu: '600m' } } })),
      },
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1200m',
    ],
    [
      { initContainers: [container({ name: 'i', restartPolicy: 'Sometimes' })] },
      'spec.initContainers[0].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
    ],
    [
      { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
      'spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is \'Exists\'',
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
});
