import { labelsText, selectorText } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { builtinKinds } from './builtin.ts';

const now = new Date('2026-11-24T12:00:00Z');
const metadata = { name: 'a', creationTimestamp: '2026-11-24T11:00:00Z' };

/** `NAME=cell` of the columns; those of `-o wide` in brackets. */
function row(group: string, kind: string, object: object): string {
  const definition = builtinKinds.find((each) => each.group === group && each.kind === kind)!;
  return definition
    .columns!.map((column) => {
      const text = `${column.name.toUpperCase()}=${column.cell({ metadata, ...object } as KubeObject, now)}`;
      return column.priority ? `[${text}]` : text;
    })
    .join(' ');
}

const template = {
  spec: {
    containers: [
      { name: 'web', image: 'w:1' },
      { name: 'side', image: 's:2' },
    ],
  },
};
const selector = { matchLabels: { app: 'web' } };
const ready = (status: string) => ({
  conditions: [{ type: 'Ready', status }],
  nodeInfo: { kubeletVersion: 'v1.36.0' },
});
const ports = [
  { port: 80, nodePort: 30080, protocol: 'TCP' },
  { port: 53, protocol: 'UDP' },
];
const addresses = ['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.4'].map((ip) => ({ ip }));

it.each([
  ['', 'Namespace', { status: { phase: 'Active' } }, 'NAME=a STATUS=Active AGE=60m'],
  [
    '',
    'Node',
    {
      status: ready('True'),
      spec: { unschedulable: true },
      metadata: { ...metadata, labels: { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/role': 'b' } },
    },
    'NAME=a STATUS=Ready,SchedulingDisabled ROLES=b,control-plane AGE=60m VERSION=v1.36.0 [INTERNAL-IP=<none>] [EXTERNAL-IP=<none>] [OS-IMAGE=<unknown>] [KERNEL-VERSION=<unknown>] [CONTAINER-RUNTIME=<unknown>]',
  ],
  [
    '',
    'Service',
    { spec: { type: 'NodePort', clusterIPs: ['10.0.0.9'], ports, selector: { b: '2', a: '1' } } },
    'NAME=a TYPE=NodePort CLUSTER-IP=10.0.0.9 EXTERNAL-IP=<none> PORT(S)=80:30080/TCP,53/UDP AGE=60m [SELECTOR=a=1,b=2]',
  ],
  [
    '',
    'Service',
    { spec: { type: 'LoadBalancer', clusterIPs: ['None'] } },
    'NAME=a TYPE=LoadBalancer CLUSTER-IP=None EXTERNAL-IP=<pending> PORT(S)=<none> AGE=60m [SELECTOR=<none>]',
  ],
  [
    '',
    'Service',
    { spec: { type: 'ExternalName', externalName: 'example.test' } },
    'NAME=a TYPE=ExternalName CLUSTER-IP=<none> EXTERNAL-IP=example.test PORT(S)=<none> AGE=60m [SELECTOR=<none>]',
  ],
  [
    '',
    'Endpoints',
    { subsets: [{ addresses, ports: [{ port: 80 }] }] },
    'NAME=a ENDPOINTS=10.1.0.1:80,10.1.0.2:80,10.1.0.3:80 + 1 more... AGE=60m',
  ],
  ['', 'Endpoints', {}, 'NAME=a ENDPOINTS=<none> AGE=60m'],
  ['', 'ConfigMap', { data: { a: '' }, binaryData: { b: '' } }, 'NAME=a DATA=2 AGE=60m'],
  ['', 'Secret', { type: 'Opaque', data: { a: '' } }, 'NAME=a TYPE=Opaque DATA=1 AGE=60m'],
  [
    '',
    'Event',
    {
      involvedObject: { kind: 'Pod', name: 'web' },
      type: 'Normal',
      reason: 'Pulled',
      message: 'there\n',
      firstTimestamp: '2026-11-24T11:50:00Z',
      lastTimestamp: '2026-11-24T11:59:00Z',
      count: 3,
      source: { component: 'kubelet', host: 'n1' },
    },
    'LAST SEEN=60s TYPE=Normal REASON=Pulled OBJECT=pod/web [SUBOBJECT=] [SOURCE=kubelet, n1] MESSAGE=there [FIRST SEEN=10m] [COUNT=3] [NAME=a]',
  ],
  [
    'apps',
    'Deployment',
    {
      spec: { replicas: 3, template, selector },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    },
    'NAME=a READY=2/3 UP-TO-DATE=3 AVAILABLE=1 AGE=60m [CONTAINERS=web,side] [IMAGES=w:1,s:2] [SELECTOR=app=web]',
  ],
  [
    'apps',
    'ReplicaSet',
    { spec: { replicas: 3, template, selector }, status: { replicas: 3, readyReplicas: 2 } },
    'NAME=a DESIRED=3 CURRENT=3 READY=2 AGE=60m [CONTAINERS=web,side] [IMAGES=w:1,s:2] [SELECTOR=app=web]',
  ],
  [
    'discovery.k8s.io',
    'EndpointSlice',
    {
      addressType: 'IPv4',
      ports: [{ port: 80 }],
      endpoints: [{ addresses: ['10.1.0.1'] }, { addresses: ['10.1.0.2'] }],
    },
    'NAME=a ADDRESSTYPE=IPv4 PORTS=80 ENDPOINTS=10.1.0.1,10.1.0.2 AGE=60m',
  ],
  ['coordination.k8s.io', 'Lease', { spec: { holderIdentity: 'me' } }, 'NAME=a HOLDER=me AGE=60m'],
  ['rbac.authorization.k8s.io', 'Role', {}, 'NAME=a CREATED AT=2026-11-24T11:00:00Z'],
  [
    'rbac.authorization.k8s.io',
    'RoleBinding',
    {
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' },
        { kind: 'Group', name: 'g' },
        { kind: 'ServiceAccount', namespace: 'n', name: 's' },
      ],
    },
    'NAME=a ROLE=Role/r AGE=60m [USERS=u] [GROUPS=g] [SERVICEACCOUNTS=n/s]',
  ],
])('prints a %s %s as kubectl does: %j', (group, kind, object, expected) => {
  expect(row(group, kind, object)).toBe(expected);
});

it('writes a selector in its own language, ordered by key', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['b', 'a'] },
    { key: 'env', operator: 'NotIn', values: ['test'] },
    { key: 'z', operator: 'DoesNotExist' },
    { key: 'y', operator: 'Exists' },
  ];
  expect(selectorText({ matchLabels: { app: 'web' }, matchExpressions })).toBe(
    'app=web,env notin (test),tier in (a,b),y,!z',
  );
});

it('of very many labels and conditions a line shows some, and says how many more there are', () => {
  const labels = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 'v']));
  const values = Object.keys(labels);
  const matchExpressions = values.map((key) => ({ key, operator: 'In', values }));
  const texts = [
    labelsText(labels),
    selectorText({ matchLabels: labels }),
    selectorText({ matchExpressions: matchExpressions.slice(0, 1) }),
  ];
  for (const text of texts) {
    expect(text).toContain(' + 49000 more...');
    expect(text.length).toBeLessThan(10_000);
  }
  expect(selectorText({ matchLabels: labels, matchExpressions })).toContain(' + 99000 more...');
});
