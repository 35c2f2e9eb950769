import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMachineResolver } from '../../libs/kubelet/src/network/machine-resolver.ts';
import { isReachable, serversIn } from '../../libs/kubelet/src/network/resolv-conf.ts';
import { type Cases, furnish, itSays } from './saying-pods.ts';
import { eventually, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-surround');
  await furnish(cluster);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, of: string, divisor?: string) => ({
  name,
  valueFrom: { resourceFieldRef: { resource: of, divisor } },
});

const environment: Cases = [
  [
    'expands $(NAME) where it is known, and leaves the rest',
    {
      script: 'echo "$B|$C|$D"',
      container: {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', value: '$(A)-$(LATER)' },
          { name: 'C', value: '$$(A)' },
          { name: 'D', value: '$(KUBERNETES_SERVICE_PORT)' },
          { name: 'LATER', value: 'y' },
        ],
      },
    },
    ['x-$(LATER)|$(A)|443'],
  ],
  [
    'expands arguments and shows Services of the cluster',
    {
      script: '',
      container: {
        command: ['/bin/sh', '-c', 'echo "$0 $KUBERNETES_SERVICE_HOST"', '$(GREETING)'],
        env: [{ name: 'GREETING', value: 'hello' }],
      },
    },
    [/^hello 10\.\d+\.0\.1$/],
  ],
  [
    'takes whole ConfigMaps and Secrets with a prefix, and single keys, where optional ones may be missing',
    {
      script: 'echo "$P_color|$key|$ONE|$(env | grep -c ^NONE=)"',
      container: {
        envFrom: [{ prefix: 'P_', configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }],
        env: [
          { name: 'ONE', valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } },
          { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'none', optional: true } } },
        ],
      },
    },
    ['blue|s3cret|s3cret|0'],
  ],
  [
    'tells a pod about itself and its limits, in units of the divisor, rounded up',
    {
      script:
        'echo "$NAME $NS $SA $LABEL $CPU $MILLI $MIB"; [ "$IP" = "$(hostname -i)" ] && [ -n "$NODE" ] && echo same',
      metadata: { labels: { tier: 'web' } },
      container: {
        resources: { limits: { cpu: '1500m', memory: '65Mi' } },
        env: [
          field('NAME', 'metadata.name'),
          field('NS', 'metadata.namespace'),
          field('SA', 'spec.serviceAccountName'),
          field('LABEL', "metadata.labels['tier']"),
          field('IP', 'status.podIP'),
          field('NODE', 'status.hostIP'),
          resource('CPU', 'limits.cpu'),
          resource('MILLI', 'requests.cpu', '1m'),
          resource('MIB', 'limits.memory', '1Mi'),
        ],
      },
    },
    [/^case-\d+ default default web 2 1500 65$/, 'same'],
  ],
];

const security: Cases = [
  [
    'runs as the user and group asked for, on a root file system that nobody writes to',
    {
      script: 'id -u; id -g; touch /x 2>/dev/null || echo read-only; grep NoNewPrivs /proc/self/status',
      container: {
        securityContext: {
          ...{ runAsUser: 1001, runAsGroup: 1002, runAsNonRoot: true },
          ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
        },
      },
    },
    ['1001', '1002', 'read-only', 'NoNewPrivs:\t1'],
  ],
  [
    'adds and drops capabilities',
    {
      script: 'grep CapEff /proc/self/status',
      container: { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } } },
    },
    ['CapEff:\t0000000000000400'],
  ],
  [
    'filters system calls when asked to, and else does not',
    {
      script: 'grep Seccomp: /proc/self/status',
      container: { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    },
    ['Seccomp:\t2'],
  ],
  ['filters no system calls else', { script: 'grep Seccomp: /proc/self/status' }, ['Seccomp:\t0']],
  [
    'sets a safe sysctl',
    {
      script: 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start',
      spec: { securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '99' }] } },
    },
    ['99'],
  ],
];

const names: Cases = [
  [
    'writes aliases and its own names into /etc/hosts',
    {
      script:
        'head -1 /etc/hosts; grep -c "h1\\.sub\\.default\\.svc\\.cluster\\.local.h1" /etc/hosts; grep 1.2.3.4 /etc/hosts; hostname',
      spec: { hostname: 'h1', subdomain: 'sub', hostAliases: [{ ip: '1.2.3.4', hostnames: ['foo', 'bar'] }] },
    },
    ['# Kubernetes-managed hosts file.', '1', '1.2.3.4\tfoo\tbar', 'h1'],
  ],
  [
    'calls itself by its full name when asked to',
    { script: 'hostname', spec: { hostname: 'h1', subdomain: 'sub', setHostnameAsFQDN: true } },
    ['h1.sub.default.svc.cluster.local'],
  ],
  [
    'asks only what dnsConfig says under policy None',
    {
      script: 'cat /etc/resolv.conf',
      spec: {
        dnsPolicy: 'None',
        dnsConfig: {
          ...{ nameservers: ['192.0.2.1'], searches: ['example.com'] },
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
    },
    ['nameserver 192.0.2.1', 'search example.com', 'options ndots:2 edns0'],
  ],
  [
    'shares the machine’s namespaces when asked to',
    {
      script:
        '[ "$(hostname)" = "$HOSTNAME" ] && echo same; readlink /proc/self/ns/ipc; head -1 /etc/hosts; [ -d /proc/$PPID ] && ps | wc -l',
      spec: { hostNetwork: true, hostPID: true, hostIPC: true },
    },
    ['same', /^ipc:/, '# Kubernetes-managed hosts file (host network).', /^\d{2,}$/],
  ],
  [
    'shares one process namespace among its containers',
    { script: 'cat /proc/1/comm', spec: { shareProcessNamespace: true } },
    [/^(?!sh$)/],
  ],
];

describe.each([
  ['the environment of a container', environment],
  ['security', security],
  ['names and namespaces', names],
])('%s', (_, cases) => itSays(() => cluster, cases));

it('names of the outside are asked of whom the machine asks; once the cluster has a DNS, pods that run ask that', async () => {
  await cluster.kubectl(
    'run',
    'asker',
    '--image=box:1',
    '--command',
    '--',
    'sh',
    '-c',
    'trap exit TERM; sleep 1000 & wait',
  );
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/asker', '--timeout=50s');
  const asked = () => cluster.kubectl('exec', 'asker', '--', 'cat', '/etc/resolv.conf');
  const upstreams = serversIn((await readMachineResolver()).upstream)
    .filter(isReachable)
    .slice(0, 3);
  expect(upstreams).not.toEqual([]);
  expect(serversIn(await asked())).toEqual(upstreams);

  const api = await cluster.kubectl('get', 'service', 'kubernetes', '-o', 'jsonpath={.spec.clusterIP}');
  const clusterIP = api.replace(/\.1$/, '.10');
  await cluster.apply({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system' } },
    spec: { clusterIP, ports: [{ port: 53, protocol: 'UDP' }] },
  });
  await eventually(async () => {
    const [server, search, ...options] = (await asked()).trimEnd().split('\n');
    expect(server).toBe(`nameserver ${clusterIP}`);
    expect(search).toMatch(/^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local/);
    expect(options).toEqual(['options ndots:5']);
  });
  await cluster.kubectl('delete', 'service', 'kube-dns', '-n', 'kube-system');
  await eventually(async () => expect(serversIn(await asked())).toEqual(upstreams));
});
