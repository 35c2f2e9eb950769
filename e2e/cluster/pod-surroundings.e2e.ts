import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-surround');
  await cluster.image('box:1', { command: ['/bin/sh', '-c', 'true'] });
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
        data: { color: 'blue', 'app.conf': 'one' },
        binaryData: { raw: Buffer.from('bin').toString('base64') },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { key: 's3cret' } },
    ],
  });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

interface Case {
  readonly script: string;
  readonly container?: object;
  readonly spec?: object;
  readonly metadata?: object;
}

let serial = 0;
/** Runs a script in a pod of its own to its end and returns what it said, line by line. */
async function says({ script, container, spec, metadata }: Case): Promise<string[]> {
  const name = `case-${++serial}`;
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      ...spec,
      containers: [{ name: 'main', image: 'box:1', command: ['/bin/sh', '-c', script], ...container }],
    },
  });
  await cluster.kubectl('wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s');
  return (await cluster.kubectl('logs', name)).trimEnd().split('\n');
}

const mount = (name: string, mountPath = '/v', more: object = {}) => ({ volumeMounts: [{ name, mountPath, ...more }] });
const volume = (source: object) => ({ volumes: [{ name: 'v', ...source }] });
const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, of: string, divisor?: string) => ({
  name,
  valueFrom: { resourceFieldRef: { resource: of, divisor } },
});

const environment: [string, Case, (string | RegExp)[]][] = [
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

const volumes: [string, Case, (string | RegExp)[]][] = [
  [
    'gives files of a ConfigMap the modes that are asked for',
    {
      script: 'cd /v; stat -L -c "%a %n" app.conf deep/raw; cat deep/raw; ls',
      container: mount('v'),
      spec: volume({
        configMap: {
          name: 'settings',
          defaultMode: 0o400,
          items: [
            { key: 'app.conf', path: 'app.conf' },
            { key: 'raw', path: 'deep/raw', mode: 0o755 },
          ],
        },
      }),
    },
    ['400 app.conf', '755 deep/raw', 'binapp.conf', 'deep'],
  ],
  [
    'keeps a Secret in memory and lets the fsGroup read it',
    {
      script: 'stat -L -c "%a %g" /v/key; grep -c " /v tmpfs" /proc/mounts; id -G',
      container: mount('v'),
      spec: {
        ...volume({ secret: { secretName: 'keys', defaultMode: 0o400 } }),
        securityContext: { runAsUser: 1001, runAsGroup: 1002, fsGroup: 1003, supplementalGroups: [1004] },
      },
    },
    ['440 1003', '1', '1002 1003 1004'],
  ],
  [
    'puts several sources into one projected volume, with a token only its user may read',
    {
      script: 'cd /v; cat color key; echo; cat notes; echo; stat -L -c "%a %u" token',
      metadata: { annotations: { a: 'b"c' } },
      container: mount('v'),
      spec: {
        securityContext: { runAsUser: 1001 },
        ...volume({
          projected: {
            sources: [
              { configMap: { name: 'settings', items: [{ key: 'color', path: 'color' }] } },
              { secret: { name: 'keys' } },
              { downwardAPI: { items: [{ path: 'notes', fieldRef: { fieldPath: "metadata.annotations['a']" } }] } },
              { serviceAccountToken: { path: 'token', audience: 'x' } },
              { secret: { name: 'none', optional: true } },
            ],
          },
        }),
      },
    },
    ['blues3cret', 'b"c', '600 1001'],
  ],
  [
    'makes an emptyDir anybody may write to, also below a subPath, and bounds one in memory',
    {
      script:
        "echo hi > /sub/f && cat /sub/f; stat -c %a /sub /v; df -k /m | tail -1 | awk '{print $2}'; [ -f /v/case/f ] && echo there",
      container: {
        securityContext: { runAsUser: 1001 },
        env: [{ name: 'DIR', value: 'case' }],
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/sub', subPathExpr: '$(DIR)' },
          { name: 'm', mountPath: '/m' },
        ],
      },
      spec: {
        volumes: [
          { name: 'v', emptyDir: {} },
          { name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        ],
      },
    },
    ['hi', '777', '777', '1024', 'there'],
  ],
];

const security: [string, Case, (string | RegExp)[]][] = [
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

const names: [string, Case, (string | RegExp)[]][] = [
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
    'asks the cluster’s DNS',
    { script: 'cat /etc/resolv.conf' },
    [
      /^nameserver 10\.\d+\.0\.10$/,
      /^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local/,
      'options ndots:5',
    ],
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
  ['volumes', volumes],
  ['security', security],
  ['names and namespaces', names],
])('%s', (_, cases) => {
  it.concurrent.each(cases)('%s', async (_name, given, expected) => {
    const lines = await says(given);
    expect(lines).toEqual(expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))));
  });
});

describe('a mounted object', () => {
  it('changes in the pod when it changes, all at once, and so do labels', async () => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'live' },
      data: { a: 'one', b: 'one' },
    });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'reader', labels: { color: 'red' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            ...{ name: 'main', image: 'box:1' },
            command: ['/bin/sh', '-c', 'trap exit TERM; while :; do sleep 1; done'],
            volumeMounts: [
              { name: 'v', mountPath: '/v' },
              { name: 'l', mountPath: '/l' },
            ],
          },
        ],
        volumes: [
          { name: 'v', configMap: { name: 'live' } },
          { name: 'l', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    });
    await cluster.kubectl('wait', 'pod/reader', '--for=condition=Ready', '--timeout=30s');
    await cluster.kubectl('patch', 'configmap/live', '--type=merge', '-p', '{"data":{"a":"two","b":null,"c":"two"}}');
    await cluster.kubectl('label', 'pod/reader', 'color=blue', '--overwrite');
    const log = await cluster.tryKubectl([
      'exec',
      'reader',
      '--',
      'sh',
      '-c',
      'until grep -q two /v/c && grep -q blue /l/labels; do sleep 0.1; done; cat /v/a /v/c; ls /v',
    ]);
    expect(log.stdout).toBe('twotwoa\nc\n');
  });

  it('may lie at a path of the machine that is checked for its type', async () => {
    const dir = join(cluster.home, 'host-path');
    mkdirSync(dir);
    writeFileSync(join(dir, 'file'), 'of the machine');
    const lines = await says({
      script: 'cat /v/file; [ -d /made ] && echo made',
      container: {
        volumeMounts: [
          { name: 'v', mountPath: '/v', readOnly: true },
          { name: 'm', mountPath: '/made' },
        ],
      },
      spec: {
        volumes: [
          { name: 'v', hostPath: { path: dir, type: 'Directory' } },
          { name: 'm', hostPath: { path: join(dir, 'new'), type: 'DirectoryOrCreate' } },
        ],
      },
    });
    expect(lines).toEqual(['of the machinemade']);
  });
});
