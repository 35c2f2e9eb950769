import { describe, expect, it } from 'vitest';
import { faultsOfContainer, type Loose } from '../pod/pod.fixture.ts';

describe('the faults of a container', () => {
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
    [
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }] },
      '.env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
    [
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.bogus' } } }] },
      '.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.bogus": error converting fieldPath: field label not supported: spec.bogus',
    ],
    [
      { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2m' } } }] },
      `.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
    ],
    [{ envFrom: [{}] }, '.envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
    [{ envFrom: [{ configMapRef: {} }] }, '.envFrom[0].configMapRef.name: Required value'],
    [
      { imagePullPolicy: 'Now' },
      '.imagePullPolicy: Unsupported value: "Now": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      { ports: [{ containerPort: 1, protocol: 'ICMP' }] },
      '.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    ],
    [
      { resources: { limits: { 'example.com/gpu': '500m' } } },
      '.resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
    ],
    [
      { resources: { limits: { pods: '1' } } },
      '.resources.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
    ],
    [
      { resources: { limits: { cpu: '1', 'hugepages-2Mi': '3Mi' } } },
      '.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    ],
    [{ resources: { limits: { 'hugepages-2Mi': '4Mi' } } }, '.resources: Forbidden: HugePages require cpu or memory'],
    [
      { resources: { claims: [{ name: 'x' }] } },
      '.resources.claims[0]: Not found: "x": must be one of the names in pod.spec.resourceClaims which is empty',
    ],
    [
      { resizePolicy: [{ resourceName: 'disk', restartPolicy: 'NotRequired' }] },
      '.resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
    ],
    [
      { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] },
      '.restartPolicy: Required value: must specify restartPolicy when restart rules are used',
    ],
    [
      { securityContext: { seccompProfile: { type: 'Localhost' } } },
      '.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
    ],
    [
      { securityContext: { appArmorProfile: { type: 'Mine' } } },
      '.securityContext.appArmorProfile.type: Unsupported value: "Mine": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
    [
      { securityContext: { allowPrivilegeEscalation: false, privileged: true } },
      '.securityContext: Invalid value: {"allowPrivilegeEscalation":false,"privileged":true}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
    [
      { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      '.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
    ],
    [{ volumeDevices: [{ name: 'd', devicePath: '/dev/x' }] }, '.volumeDevices[0].name: Not found: "d"'],
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
      'spec.containers[0].volumeMounts.subPath: Invalid value: "/abs": must be a relative path',
    ]);
  });
});
