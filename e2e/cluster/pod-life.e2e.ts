import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectls, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
let shared: string;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-pod-life');
  await cluster.image('box:1', { command: ['/bin/sh', '-c', 'true'] });
  shared = join(cluster.home, 'shared');
  mkdirSync(shared);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

let serial = 0;
const forever = 'trap exit TERM; while :; do sleep 0.1; done';
const sh = (script: string, more: object = {}) => ({
  ...{ name: 'main', image: 'box:1', command: ['/bin/sh', '-c', script] },
  ...more,
});
const note = { volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };

async function create(spec: object): Promise<string> {
  const name = `case-${++serial}`;
  const volumes = [{ name: 'shared', hostPath: { path: shared } }];
  await cluster.apply({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { terminationGracePeriodSeconds: 5, volumes, ...spec },
  });
  return name;
}
const wait = (name: string, path: string, value: string) =>
  cluster.kubectl('wait', `pod/${name}`, `--for=jsonpath=${path}=${value}`, '--timeout=60s');
const status = async (name: string) => JSON.parse(await cluster.kubectl('get', 'pod', name, '-o', 'json')).status;
const events = async (name: string): Promise<string[]> =>
  (
    await cluster.kubectl(
      ...['get', 'events', `--field-selector=involvedObject.name=${name}`],
      ...['-o', 'jsonpath={range .items[*]}{.reason}: {.message}{"\\n"}{end}'],
    )
  ).split('\n');
const first = '.status.containerStatuses[0]';

// Some at a time, each with a pod of its own: they wait for the kubelet and the engine most of the time.
describe.concurrent('a container that cannot start waits with the reason', () => {
  it.each([
    ['ErrImageNeverPull', sh('', { image: 'none:1', imagePullPolicy: 'Never' })],
    ['InvalidImageName', sh('', { image: 'UPPER/none' })],
    ['ImagePullBackOff', sh('', { image: '127.0.0.1:1/none:1' })],
    ['CreateContainerConfigError', sh('', { envFrom: [{ configMapRef: { name: 'none' } }] })],
    ['CreateContainerConfigError', sh('', { securityContext: { runAsNonRoot: true } })],
    ['RunContainerError', sh('', { command: ['/none'] })],
    ['CrashLoopBackOff', sh('exit 1')],
  ])('%s', async (reason, container) => {
    const name = await create({ containers: [container] });
    await wait(name, `{${first}.state.waiting.reason}`, reason);
    const { phase, conditions, observedGeneration } = await status(name);
    expect(observedGeneration).toBeGreaterThan(0);
    expect(phase).toBe(reason === 'CrashLoopBackOff' || reason === 'RunContainerError' ? 'Running' : 'Pending');
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ContainersNotReady', observedGeneration }),
    );
  });
});

describe.concurrent('a pod ends', () => {
  it.each([
    ['Succeeded when all of it did', 'Never', 'exit 0', 'Succeeded', { exitCode: 0, reason: 'Completed' }],
    ['Failed when one did not', 'Never', 'exit 3', 'Failed', { exitCode: 3, reason: 'Error' }],
    ['Succeeded under OnFailure', 'OnFailure', 'exit 0', 'Succeeded', { exitCode: 0, reason: 'Completed' }],
    [
      'with what it wrote as its last words',
      'Never',
      'echo -n "it is over" > /dev/termination-log',
      'Succeeded',
      { message: 'it is over' },
    ],
  ])('%s', async (_, restartPolicy, script, phase, terminated) => {
    const name = await create({ restartPolicy, containers: [sh(script)] });
    await wait(name, '{.status.phase}', phase);
    expect((await status(name)).containerStatuses[0]).toMatchObject({
      ...{ ready: false, started: false, restartCount: 0 },
      containerID: expect.stringMatching(/^docker:\/\/[0-9a-f]{64}$/),
      state: { terminated },
    });
  });

  it('with the end of its log when it failed without a word and asked for that', async () => {
    const containers = [sh('echo broken; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' })];
    const name = await create({ restartPolicy: 'Never', containers });
    await wait(name, '{.status.phase}', 'Failed');
    expect((await status(name)).containerStatuses[0].state.terminated.message).toBe('broken\n');
  });

  it('when it takes more memory than it may', async () => {
    const containers = [sh('exec tail -c 200000000 /dev/zero', { resources: { limits: { memory: '16Mi' } } })];
    const name = await create({ restartPolicy: 'Never', containers });
    // Engines tell the end and what it came of in any order.
    await wait(name, `{${first}.state.terminated.reason}`, 'OOMKilled');
    const { phase, containerStatuses } = await status(name);
    expect([phase, containerStatuses[0].state.terminated.exitCode]).toEqual(['Failed', 137]);
  });

  it('when it writes more into a volume than that may hold', async () => {
    const name = await create({
      containers: [
        sh(`head -c 3000000 /dev/zero > /v/big; ${forever}`, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      ],
      volumes: [{ name: 'v', emptyDir: { sizeLimit: '2Mi' } }],
    });
    await wait(name, '{.status.phase}', 'Failed');
    const { reason, message, conditions } = await status(name);
    expect({ reason, message }).toEqual({
      reason: 'Evicted',
      message: 'Usage of EmptyDir volume "v" exceeds the limit "2Mi". ',
    });
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }),
    );
  });

  it.each([
    ['DeadlineExceeded', { activeDeadlineSeconds: 1 }, 'Pod was active on the node longer than the specified deadline'],
    ['UnsupportedPodField', { hostUsers: false }, 'Pod was rejected: this node does not support spec.hostUsers'],
    [
      'SysctlForbidden',
      { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
      'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
    ],
  ])('by its node: %s', async (reason, spec, message) => {
    const name = await create({ ...spec, containers: [sh(forever)] });
    await wait(name, '{.status.phase}', 'Failed');
    expect(await status(name)).toMatchObject({ reason, message });
    expect((await events(name)).some((event) => event.startsWith(`${reason}: `))).toBe(true);
  });
});

describe.concurrent('containers of a pod', () => {
  it('start one after the other: init containers to their end, sidecars until started, then the rest; and end in turn', async () => {
    const log = (who: string) => `echo ${who} >> /shared/order`;
    const live = (who: string, last = 'true') =>
      `trap '${last}; ${log(`-${who}`)}; exit' TERM; ${log(`+${who}`)}; while :; do sleep 0.1; done`;
    const preStop = { exec: { command: ['/bin/sh', '-c', log('hook of side-1')] } };
    const name = await create({
      initContainers: [
        sh(log('init-1'), { name: 'init-1', ...note }),
        sh(live('side-1'), { name: 'side-1', restartPolicy: 'Always', lifecycle: { preStop }, ...note }),
        sh(`sleep 1; ${log('init-2')}`, { name: 'init-2', ...note }),
        sh(live('side-2'), {
          ...{ name: 'side-2', restartPolicy: 'Always', ...note },
          startupProbe: { exec: { command: ['grep', '-q', 'side-2', '/shared/order'] }, periodSeconds: 1 },
        }),
      ],
      containers: [sh(live('main', 'until grep -q hook /shared/order; do sleep 0.1; done'), note)],
    });
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=60s');
    const { initContainerStatuses, conditions } = await status(name);
    expect(initContainerStatuses.map((s: { ready: boolean; started: boolean }) => [s.ready, s.started])).toEqual([
      [true, false],
      [true, true],
      [true, false],
      [true, true],
    ]);
    expect(conditions.map((c: { type: string; status: string }) => `${c.type}=${c.status}`).sort()).toEqual(
      ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'PodScheduled', 'Ready'].map((c) => `${c}=True`),
    );
    await cluster.kubectl('delete', 'pod', name, '--timeout=30s');
    expect(readFileSync(join(shared, 'order'), 'utf8').trim().split('\n')).toEqual([
      ...['init-1', '+side-1', 'init-2', '+side-2', '+main'],
      ...['hook of side-1', '-main', '-side-2', '-side-1'],
    ]);
  });

  it('show what they were made with, as the kernel has it', async () => {
    const resources = { requests: { cpu: '20m', memory: '16Mi' }, limits: { memory: '32Mi' } };
    const name = await create({
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
      containers: [
        sh(forever, { resources, volumeMounts: [{ name: 'shared', mountPath: '/shared', readOnly: true }] }),
      ],
    });
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=30s');
    const [main] = (await status(name)).containerStatuses;
    expect(main).toMatchObject({
      ...{ resources, allocatedResources: resources.requests },
      user: { linux: { uid: 1000, gid: 3000 } },
    });
    expect(main.volumeMounts).toContainEqual({
      ...{ name: 'shared', mountPath: '/shared' },
      ...{ readOnly: true, recursiveReadOnly: 'Disabled' },
    });
    const said = await cluster.kubectl('exec', name, '--', 'cat', '/proc/1/status');
    const groups = said
      .match(/^Groups:\s*(.*)$/m)?.[1]
      ?.trim()
      .split(/\s+/)
      .map(Number);
    expect(main.user.linux.supplementalGroups.toSorted()).toEqual(groups?.toSorted());
    for (const kubectl of kubectls()) {
      const { stdout } = await cluster.tryKubectl(['describe', 'pod', name], { kubectl });
      expect(stdout).toMatch(/Limits:\s+memory:\s+32Mi\s+Requests:\s+cpu:\s+20m\s+memory:\s+16Mi/);
      expect(stdout).toMatch(/\/shared from shared \(ro\)/);
      const row = await cluster.tryKubectl(['get', 'pod', name, '--no-headers'], { kubectl });
      expect(row.stdout).toMatch(new RegExp(`^${name} +1/1 +Running +0 +`));
    }
  });

  it('run their hooks: after the start, before the end', async () => {
    const hook = (who: string) => ({ exec: { command: ['/bin/sh', '-c', `echo ${who} >> /shared/hooks`] } });
    const lifecycle = { postStart: hook('started'), preStop: hook('stopping') };
    const name = await create({
      containers: [
        sh(`trap 'echo ended >> /shared/hooks; exit' TERM; while :; do sleep 0.1; done`, { ...note, lifecycle }),
      ],
    });
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=30s');
    await cluster.kubectl('delete', 'pod', name, '--timeout=30s');
    expect(readFileSync(join(shared, 'hooks'), 'utf8')).toBe('started\nstopping\nended\n');
  });

  it('are restarted when their liveness probe fails, with the probe’s own grace period', async () => {
    const livenessProbe = {
      ...{ exec: { command: ['/bin/sh', '-c', 'echo unwell; exit 1'] }, periodSeconds: 1, failureThreshold: 1 },
      terminationGracePeriodSeconds: 1,
    };
    const containers = [sh('trap "" TERM; while :; do sleep 0.1; done', { livenessProbe })];
    const name = await create({ terminationGracePeriodSeconds: 600, containers });
    await wait(name, `{${first}.restartCount}`, '1');
    expect((await status(name)).containerStatuses[0].lastState.terminated).toMatchObject({ exitCode: 137 });
    const said = await events(name);
    expect(said).toContain('Unhealthy: Liveness probe failed: unwell');
    expect(said).toContain('Killing: Container main failed liveness probe, will be restarted');
    await cluster.kubectl('delete', 'pod', name, '--grace-period=1', '--timeout=30s');
  });

  it('are restarted by their own rules', async () => {
    const script = '[ -f /shared/once ] && exit 0; touch /shared/once; exit 42';
    const rules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const containers = [sh(script, { ...note, restartPolicy: 'Never', restartPolicyRules: rules })];
    const name = await create({ restartPolicy: 'Never', containers });
    await wait(name, '{.status.phase}', 'Succeeded');
    expect((await status(name)).containerStatuses[0]).toMatchObject({ restartCount: 1 });
  });

  it('make a pod ready only when its gates are open, too', async () => {
    const name = await create({ readinessGates: [{ conditionType: 'example.com/open' }], containers: [sh(forever)] });
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=ContainersReady', '--timeout=30s');
    expect((await status(name)).conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' }),
    );
    const open = { status: { conditions: [{ type: 'example.com/open', status: 'True' }] } };
    await cluster.kubectl('patch', 'pod', name, '--subresource=status', '-p', JSON.stringify(open));
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=30s');
  });
});

describe.concurrent('kubectl debug', () => {
  it.each(kubectls().map((path) => [path.split('/').at(-1)!, path]))(
    'looks into a running pod with %s',
    async (_name, kubectl) => {
      const name = await create({ containers: [sh('exec sleep 1000')] });
      await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=30s');
      const debug = ['debug', name, '--image=box:1', '--target=main', '--container=looker', '-q', '-i'];
      const script = 'read line; echo "got $line"; cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -o "sleep 1000"';
      const ran = await cluster.tryKubectl([...debug, '--', 'sh', '-c', script], { kubectl, input: 'it\n' });
      expect(ran.stdout).toContain('got it\nsleep 1000\n');
      await wait(name, '{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}', '0');
      expect((await status(name)).conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'True' }),
      );
      const again = { spec: { ephemeralContainers: [{ name: 'looker', image: 'other:1' }] } };
      const refused = await cluster.tryKubectl(['patch', 'pod', name, '-p', JSON.stringify(again)]);
      expect(refused.stderr).toContain('pod updates may not change fields other than');
    },
  );
});
