import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cases, furnish, itSays, says } from './saying-pods.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-volumes');
  await furnish(cluster);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const mount = (name: string, mountPath = '/v', more: object = {}) => ({ volumeMounts: [{ name, mountPath, ...more }] });
const volume = (source: object) => ({ volumes: [{ name: 'v', ...source }] });

const volumes: Cases = [
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

describe('volumes', () => itSays(() => cluster, volumes));

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
    const lines = await says(cluster, {
      script:
        'cat /v/file; [ -d /made ] && echo made; [ -d /unchecked ] && echo too; [ -d /machine/proc/1 ] && echo all',
      container: {
        volumeMounts: [
          { name: 'v', mountPath: '/v', readOnly: true },
          { name: 'm', mountPath: '/made' },
          { name: 'u', mountPath: '/unchecked' },
          { name: 'r', mountPath: '/machine', readOnly: true },
        ],
      },
      spec: {
        volumes: [
          { name: 'v', hostPath: { path: dir, type: 'Directory' } },
          { name: 'm', hostPath: { path: join(dir, 'new'), type: 'DirectoryOrCreate' } },
          { name: 'u', hostPath: { path: join(dir, 'unchecked') } },
          { name: 'r', hostPath: { path: '/' } },
        ],
      },
    });
    expect(lines).toEqual(['of the machinemade', 'too', 'all']);
  });
});
