import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asking } from './asking.ts';
import { eventually, kubectls, run, TestCluster } from './test-cluster.ts';

/** A page that names its pod and image version: what answers can be told apart. */
const server = (version: string): { command: string[]; files: Record<string, string> } => ({
  command: ['/serve'],
  files: {
    '/serve': `#!/bin/sh\ntrap exit TERM\nmkdir -p /tmp/www && echo "$(hostname) ${version}" > /tmp/www/index.html\necho "serving ${version}"\n/bin/httpd -f -p 8080 -h /tmp/www &\nwait\n`,
  },
});

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-main');
  await cluster.image('web:1', server('one'));
  await cluster.image('web:2', server('two'));
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

const get = async (url: string): Promise<string> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000) });
  return (await answer.text()).trim();
};
const jsonPath = (what: string, path: string): Promise<string> =>
  cluster.kubectl('get', ...what.split(' '), '-o', `jsonpath=${path}`);

/** Pods that are asked before they count, and that serve for a while after they were taken from the Service. */
const steady = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'steady' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'steady' } },
    template: {
      metadata: { labels: { app: 'steady' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'web:1',
            readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
            lifecycle: { preStop: { exec: { command: ['sleep', '3'] } } },
          },
        ],
      },
    },
  },
};

describe('from kubectl create deployment to containers that answer', () => {
  it('runs three replicas', async () => {
    expect(await cluster.kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=3')).toContain(
      'deployment.apps/web created',
    );
    expect(await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=40s')).toContain(
      'successfully rolled out',
    );
    expect(await jsonPath('deployment web', '{.status.readyReplicas}')).toBe('3');
  });

  it.each(['wide', 'yaml', 'json', 'name', 'custom-columns=NAME:.metadata.name,IP:.status.podIP'])(
    'shows them with -o %s',
    async (format) => {
      const text = await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', format);
      expect(text.match(/web-[a-z0-9]+-[a-z0-9]{5}/g)?.length).toBeGreaterThanOrEqual(3);
    },
  );

  it('describes a pod with its events', async () => {
    const text = await cluster.kubectl('describe', 'pods', '-l', 'app=web');
    for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started']) expect(text).toContain(reason);
  });

  it('has its logs', async () => {
    expect(await cluster.kubectl('logs', 'deployment/web')).toBe('serving one\n');
  });

  it.each(kubectls().map((path) => [path.split('/').at(-1)!, path]))(
    'executes commands with %s and returns their exit code',
    async (_name, kubectl) => {
      const echo = await cluster.tryKubectl(
        ['exec', '-i', 'deployment/web', '--', 'sh', '-c', 'cat; echo problem >&2; exit 3'],
        { input: 'in and out\n', kubectl },
      );
      expect(echo).toMatchObject({ code: 3, stdout: 'in and out\n' });
      expect(echo.stderr).toContain('problem');
    },
  );

  it('answers at its cluster IP, from the node and from a pod, spread over the pods', async () => {
    await cluster.kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080', '--type=NodePort');
    const ip = await jsonPath('service web', '{.spec.clusterIP}');
    await eventually(() => get(`http://${ip}/`));
    const answers = await Promise.all(Array.from({ length: 30 }, () => get(`http://${ip}/`)));
    expect(new Set(answers).size).toBe(3);
    expect(await cluster.kubectl('exec', 'deployment/web', '--', 'wget', '-qO-', `http://${ip}/`)).toMatch(
      /^web-.* one/,
    );
  });

  it('refuses at once a port that the Service does not have, and an address that no Service has', async () => {
    const ip = await jsonPath('service web', '{.spec.clusterIP}');
    const unused = ip.replace(/\d+\.\d+$/, '255.254');
    for (const address of [`${ip}:81`, `${unused}:80`]) {
      const cause = { cause: { code: 'ECONNREFUSED' } };
      await expect(get(`http://${address}/`)).rejects.toMatchObject(cause);
      const asked = await cluster.tryKubectl(['exec', 'deployment/web', '--', 'wget', '-qO-', `http://${address}/`]);
      expect(asked.stderr).toContain('Connection refused');
    }
  });

  it('answers at its node port', async () => {
    const port = await jsonPath('service web', '{.spec.ports[0].nodePort}');
    const node = await jsonPath('nodes', '{.items[0].status.addresses[0].address}');
    expect(await eventually(() => get(`http://${node}:${port}/`))).toMatch(/ one$/);
    expect(await eventually(() => get(`http://127.0.0.1:${port}/`))).toMatch(/ one$/);
  });

  it('rolls out another image, and back', async () => {
    const ip = await jsonPath('service web', '{.spec.clusterIP}');
    await cluster.kubectl('set', 'image', 'deployment/web', 'web=web:2');
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    await eventually(async () => expect(await get(`http://${ip}/`)).toMatch(/ two$/));
    expect(await cluster.kubectl('rollout', 'history', 'deployment/web')).toMatch(/1\s+<none>\n2\s+<none>/);
    await cluster.kubectl('rollout', 'undo', 'deployment/web');
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    await eventually(async () => expect(await get(`http://${ip}/`)).toMatch(/ one$/));
  });

  it('loses no request while it rolls out, where pods say when they are ready and let their last requests come', async () => {
    await cluster.apply(steady);
    await cluster.kubectl('expose', 'deployment', 'steady', '--port=80', '--target-port=8080');
    await cluster.kubectl('rollout', 'status', 'deployment/steady', '--timeout=60s');
    const ip = await jsonPath('service steady', '{.spec.clusterIP}');
    await eventually(() => get(`http://${ip}/`));
    const asking = new Asking(ip);
    await cluster.kubectl('set', 'image', 'deployment/steady', 'web=web:2');
    await cluster.kubectl('rollout', 'status', 'deployment/steady', '--timeout=60s');
    await eventually(async () => expect(asking.answers.at(-1)).toMatch(/ two$/));
    await asking.stop();
    expect(asking.failures).toEqual([]);
    expect(asking.answers.filter((answer) => / (one|two)$/.test(answer))).toHaveLength(asking.answers.length);
    expect(asking.answers[0]).toMatch(/ one$/);
    await cluster.kubectl('delete', 'deployment,service', 'steady');
  });

  it('replaces a pod that is deleted', async () => {
    const [first] = (await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).split('\n');
    await cluster.kubectl('delete', first!, '--grace-period=1');
    await cluster.kubectl('wait', '--for=condition=Available', 'deployment/web', '--timeout=30s');
    await eventually(async () => expect(await jsonPath('deployment web', '{.status.readyReplicas}')).toBe('3'));
    expect(await cluster.kubectl('get', 'pods', '-o', 'name')).not.toContain(first);
  });

  it('scales', async () => {
    await cluster.kubectl('scale', 'deployment/web', '--replicas=1');
    await eventually(async () =>
      expect((await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().split('\n')).toHaveLength(1),
    );
  });

  it('says what it can do', async () => {
    expect(await cluster.kubectl('api-resources')).toMatch(/deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/);
    expect(await cluster.kubectl('explain', 'pod.spec.containers.ports')).toContain('containerPort');
    expect((await cluster.kubectl('auth', 'can-i', 'create', 'pods')).trim()).toBe('yes');
    expect(await cluster.kubectl('version')).toMatch(/v1\.36\.\d+\+kubernest/);
    expect(await cluster.kubectl('get', 'events')).toContain('ScalingReplicaSet');
  });

  it('applies a manifest twice and changes nothing the second time', async () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour: 'blue' } };
    expect(await cluster.apply(manifest)).toContain('created');
    const before = await jsonPath('configmap settings', '{.metadata.resourceVersion}');
    expect(await cluster.apply(manifest)).toContain('unchanged');
    expect(await jsonPath('configmap settings', '{.metadata.resourceVersion}')).toBe(before);
  });

  it('keeps new pods off a cordoned node', async () => {
    const node = (await jsonPath('nodes', '{.items[0].metadata.name}')).trim();
    await cluster.kubectl('cordon', node);
    await cluster.kubectl('run', 'late', '--image=web:1');
    await eventually(async () =>
      expect(await jsonPath('pod late', '{.status.conditions[0].message}')).toContain('unschedulable'),
    );
    await cluster.kubectl('uncordon', node);
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/late', '--timeout=30s');
    await cluster.kubectl('delete', 'pod', 'late', '--grace-period=1');
  });
});

describe('a pod with an identity', () => {
  it('reads its settings and secret, and may do what RBAC grants and nothing else', async () => {
    await cluster.kubectl('create', 'serviceaccount', 'reader');
    await cluster.kubectl('create', 'role', 'read-pods', '--verb=list', '--resource=pods');
    await cluster.kubectl('create', 'rolebinding', 'read-pods', '--role=read-pods', '--serviceaccount=default:reader');
    await cluster.kubectl('create', 'secret', 'generic', 'password', '--from-literal=word=open sesame');
    await cluster.image('client:1', {
      command: ['/bin/sleep', '100000'],
      programs: { '/bin/kubectl': kubectls()[0]! },
    });
    const container = {
      name: 'c',
      image: 'client:1',
      env: [{ name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } }],
      volumeMounts: [{ name: 'secret', mountPath: '/secret', readOnly: true }],
    };
    const volumes = [{ name: 'secret', secret: { secretName: 'password' } }];
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'me' },
      spec: { serviceAccountName: 'reader', containers: [container], volumes },
    });
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/me', '--timeout=30s');
    expect(await cluster.kubectl('exec', 'me', '--', 'sh', '-c', 'echo $COLOUR; cat /secret/word')).toBe(
      'blue\nopen sesame',
    );
    const token = await cluster.kubectl(
      'exec',
      'me',
      '--',
      'cat',
      '/var/run/secrets/kubernetes.io/serviceaccount/token',
    );
    const api = await jsonPath('service kubernetes', '{.spec.clusterIP}');
    const ask = async (path: string): Promise<string> =>
      (
        await run('curl', [
          '-sk',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          '-H',
          `Authorization: Bearer ${token}`,
          `https://${api}${path}`,
        ])
      ).stdout;
    expect(await ask('/api/v1/namespaces/default/pods')).toBe('200');
    expect(await ask('/api/v1/namespaces/default/secrets')).toBe('403');
    // A real client in the pod: it finds the API, its CA and its token as every in-cluster client does.
    expect(await cluster.kubectl('exec', 'me', '--', '/bin/kubectl', 'get', 'pods', '-o', 'name')).toContain('pod/me');
    const refused = await cluster.tryKubectl(['exec', 'me', '--', '/bin/kubectl', 'get', 'secrets']);
    expect(refused.stderr).toContain(
      'secrets is forbidden: User "system:serviceaccount:default:reader" cannot list resource "secrets"',
    );
  });

  it('gets no traffic while its readiness probe fails', async () => {
    const probe = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1, failureThreshold: 1 };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'shy', labels: { app: 'shy' } },
      spec: { containers: [{ name: 'c', image: 'web:1', readinessProbe: probe }] },
    };
    await cluster.apply(pod);
    await cluster.kubectl('expose', 'pod', 'shy', '--port=80', '--target-port=8080');
    await cluster.kubectl('wait', '--for=jsonpath={.status.phase}=Running', 'pod/shy', '--timeout=30s');
    const ip = await jsonPath('service shy', '{.spec.clusterIP}');
    await expect(get(`http://${ip}/`)).rejects.toThrow();
    const asked = await cluster.tryKubectl(['exec', 'shy', '--', 'wget', '-qO-', `http://${ip}/`]);
    expect(asked.stderr).toContain('Connection refused');
    await cluster.kubectl('exec', 'shy', '--', 'touch', '/tmp/ready');
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/shy', '--timeout=30s');
    expect(await eventually(() => get(`http://${ip}/`))).toMatch(/^shy one$/);
  });
});
