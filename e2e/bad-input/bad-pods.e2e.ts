import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster } from '../cluster/test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-bad-pods');
  await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
  await cluster.kubectl('run', 'good', '--image=idle:1');
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/good', '--timeout=40s');
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** `127.0.0.1:1` is a registry where nobody listens. */
const cases = [
  [
    'never-pulled',
    { image: 'nobody/has-this:1', imagePullPolicy: 'Never' },
    /^ErrImageNeverPull$/,
    'is not present with pull policy of Never',
  ],
  ['unreachable', { image: '127.0.0.1:1/nothing:1' }, /^(ErrImagePull|ImagePullBackOff)$/, 'Failed to pull image'],
  ['not-a-name', { image: 'Not An Image' }, /^InvalidImageName$/, 'invalid reference format'],
  [
    'no-command',
    { image: 'idle:1', command: ['/no/such/program'] },
    /^(RunContainerError|StartError|CrashLoopBackOff)$/,
    '/no/such/program',
  ],
  [
    'no-folder',
    { image: 'idle:1', workingDir: '/bin/busybox' },
    /^(CreateContainerError|RunContainerError)$/,
    'not a directory',
  ],
] as const;

describe('a container that cannot run', () => {
  it.each(cases)('says why it waits: %s', async (name, container, waiting, event) => {
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [{ name: 'c', ...container }] },
    });
    const status =
      '{.status.containerStatuses[0].state.waiting.reason}{.status.containerStatuses[0].state.terminated.reason}';
    await eventually(async () =>
      expect(await cluster.kubectl('get', 'pod', name, '-o', `jsonpath=${status}`)).toMatch(waiting),
    );
    await eventually(async () => {
      const query = ['get', 'events', `--field-selector=involvedObject.name=${name},type=Warning`];
      expect(await cluster.kubectl(...query, '-o', 'jsonpath={.items[*].message}')).toContain(event);
    });
  });

  it('harms no other pod, and can be deleted', async () => {
    await cluster.kubectl('delete', 'pod', ...cases.map(([name]) => name), '--grace-period=1', '--timeout=30s');
    expect(
      await cluster.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[0].restartCount}'),
    ).toBe('0');
    expect(await cluster.kubectl('get', 'pods', '-o', 'name')).toBe('pod/good\n');
  });
});
