import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { isNotFound, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { EVENTS, key, podOf, ready, TestKubelet } from './testing/kubelet.ts';
import { CONFIG_MAPS, NODES, type Node, PODS, type Pod } from './types.ts';

describe('a kubelet', () => {
  const kubelet = TestKubelet.forEachTest();

  it('registers its node and reports it ready', async () => {
    const node = await kubelet.until<Node>(
      NODES,
      'metadata.name=n1',
      (each) => each?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false,
    );
    expect(node?.status?.addresses).toContainEqual({ type: 'InternalIP', address: '192.0.2.1' });
  });

  it('runs a pod bound to its node, reports its address, and leaves nothing once it is deleted', async () => {
    await kubelet.create(podOf());
    const pod = await kubelet.untilPod(ready);
    expect(pod?.status).toMatchObject({ phase: 'Running', podIP: '10.244.0.2', hostIP: '192.0.2.1' });
    expect(kubelet.runtime.running().map((each) => each.name)).toEqual(['main']);

    await kubelet.client.resource(PODS).delete(key, {}, kubelet.ctx);
    await kubelet.untilPod((each) => each === undefined);
    await expect(kubelet.client.resource(PODS).fetch(key, kubelet.ctx)).rejects.toSatisfy(isNotFound);
    expect(kubelet.runtime.running()).toEqual([]);
    expect(kubelet.network.attached.size).toBe(0);
  });

  it('shows that it has a pod while that is still being made', async () => {
    let arrived = (): void => {};
    const pull = new Promise<void>((done) => {
      arrived = done;
    });
    const { pullImage } = kubelet.runtime;
    kubelet.runtime.pullImage = (...asked) => pull.then(() => pullImage(...asked));
    await kubelet.create(podOf({ containers: [{ name: 'main', image: 'slow:1' }] }));
    const pod = await kubelet.untilPod((each) => each?.status?.startTime !== undefined);
    expect(pod?.status).toMatchObject({
      ...{ phase: 'Pending', hostIP: '192.0.2.1' },
      containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    arrived();
    expect((await kubelet.untilPod(ready))?.status?.phase).toBe('Running');
  });

  it('says of a pod that it turns away why, and nothing of containers that never were', async () => {
    await kubelet.create(podOf({ hostUsers: false }));
    const pod = await kubelet.untilPod((each) => each?.status?.phase === 'Failed');
    expect(pod?.status?.reason).toBe('UnsupportedPodField');
    expect(pod?.status?.containerStatuses).toBeUndefined();
  });

  it('turns away what it has no room for, keeps what it has, and takes the next once that is gone', async () => {
    const node = await kubelet.until<Node>(
      NODES,
      'metadata.name=n1',
      (each) => each?.status?.allocatable?.['cpu'] !== undefined,
    );
    const resources = { requests: { cpu: node?.status?.allocatable?.['cpu'] ?? '' } };
    const [main] = podOf().spec?.containers ?? [];
    const filling = (name: string): Pod => ({
      ...podOf({ containers: [{ ...main, name: 'main', resources }] }),
      metadata: { name, namespace: 'default' },
    });
    await kubelet.create(filling('p'));
    await kubelet.untilPod(ready);
    await kubelet.stop();
    await kubelet.start();
    await kubelet.create(filling('q'));
    const turnedAway = await kubelet.until<Pod>(PODS, 'metadata.name=q', (each) => each?.status?.phase === 'Failed');
    expect(turnedAway?.status?.reason).toBe('OutOfcpu');
    expect((await kubelet.client.resource<Pod>(PODS).fetch(key, kubelet.ctx)).status?.phase).toBe('Running');
    await kubelet.client.resource(PODS).delete(key, {}, kubelet.ctx);
    await kubelet.untilPod((each) => each === undefined);
    await kubelet.create(filling('r'));
    expect((await kubelet.until<Pod>(PODS, 'metadata.name=r', ready))?.status?.phase).toBe('Running');
  });

  it('says what keeps it from making a pod', async () => {
    const { createContainer } = kubelet.runtime;
    let broken = true;
    kubelet.runtime.createContainer = async (...asked) => {
      if (broken) throw new Error('out of order');
      return createContainer(...asked);
    };
    await kubelet.create(podOf());
    const told = await kubelet.until(EVENTS, 'reason=FailedSync', (event) => event !== undefined);
    expect(told).toMatchObject({ type: 'Warning', message: 'Error syncing pod, trying again: out of order' });
    broken = false;
    await kubelet.untilPod(ready);
  });

  it('mounts a ConfigMap before the container starts', async () => {
    const settings = { metadata: { name: 'settings', namespace: 'default' }, data: { mode: 'fast' } } as KubeObject;
    await kubelet.client.resource(CONFIG_MAPS).create(settings, {}, kubelet.ctx);
    const volumeMounts = [{ name: 'settings', mountPath: '/settings' }];
    await kubelet.create(
      podOf({
        containers: [{ name: 'main', image: 'busybox:1', volumeMounts }],
        volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
      }),
    );
    await kubelet.untilPod(ready);
    const [container] = kubelet.runtime.running();
    const mount = kubelet.runtime.configOf(container!.id)?.mounts.find((each) => each.containerPath === '/settings');
    expect(readFileSync(join(mount!.hostPath, 'mode'), 'utf8')).toBe('fast');
  });

  it('rewrites the files of its labels when they change', async () => {
    const volumeMounts = [{ name: 'info', mountPath: '/info' }];
    const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }];
    await kubelet.create(
      podOf({
        containers: [{ name: 'main', image: 'busybox:1', volumeMounts }],
        volumes: [{ name: 'info', downwardAPI: { items } }],
      }),
    );
    await kubelet.untilPod(ready);
    const [container] = kubelet.runtime.running();
    const mount = kubelet.runtime.configOf(container!.id)?.mounts.find((each) => each.containerPath === '/info');
    const dir = mount!.hostPath;
    const rewritten = new Promise<void>((done) => {
      const watcher = watch(dir, (_event, file) => {
        if (file !== '..data') return;
        watcher.close();
        done();
      });
    });
    await kubelet.client
      .resource(PODS)
      .patch(key, { type: 'merge', body: { metadata: { labels: { tier: 'front' } } } }, {}, kubelet.ctx);
    await rewritten;
    expect(readFileSync(join(dir, 'labels'), 'utf8')).toContain('tier="front"');
  });

  it.each([
    ['Always', 1, { restarts: 1, phase: 'Running' }],
    ['OnFailure', 1, { restarts: 1, phase: 'Running' }],
    ['OnFailure', 0, { restarts: 0, phase: 'Succeeded' }],
    ['Never', 1, { restarts: 0, phase: 'Failed' }],
  ])('of a pod with restart policy %s whose container ends with %d makes %o', async (restartPolicy, code, end) => {
    await kubelet.create(podOf({ restartPolicy }));
    await kubelet.untilPod(ready);
    kubelet.runtime.end(kubelet.runtime.running()[0]!.id, code);
    const settled = await kubelet.untilPod(
      (pod) =>
        pod?.status?.phase === end.phase &&
        pod.status.containerStatuses?.[0]?.restartCount === end.restarts &&
        ready(pod) === (end.phase === 'Running'),
    );
    expect(settled?.status?.phase).toBe(end.phase);
    expect(kubelet.runtime.running()).toHaveLength(end.phase === 'Running' ? 1 : 0);
  });

  it.each([
    ['Never', 'Failed'],
    ['Always', 'Pending'],
  ])('of a pod with restart policy %s whose init container starved makes %s', async (restartPolicy, phase) => {
    const [main] = podOf().spec?.containers ?? [];
    await kubelet.create(podOf({ restartPolicy, initContainers: [{ ...main, name: 'init' }] }));
    const running = (pod: Pod | undefined) => pod?.status?.initContainerStatuses?.[0]?.state?.running !== undefined;
    await kubelet.untilPod(running);
    kubelet.runtime.end(kubelet.runtime.running()[0]!.id, 0, { oomKilled: true });
    const pod = await kubelet.untilPod(
      (each) =>
        each?.status?.phase === phase &&
        (phase === 'Failed' || each.status.initContainerStatuses?.[0]?.restartCount === 1),
    );
    const [init] = pod?.status?.initContainerStatuses ?? [];
    const ended = phase === 'Failed' ? init?.state?.terminated : init?.lastState?.terminated;
    expect(ended).toMatchObject({ reason: 'OOMKilled', exitCode: 0 });
    expect(init?.ready).toBe(false);
  });

  it('says at once that its node and pods are ready, when it was given up for lost', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    const isReady = (node: Node | undefined) =>
      node?.status?.conditions?.find((each) => each.type === 'Ready')?.status === 'True';
    await kubelet.until<Node>(NODES, 'metadata.name=n1', isReady);
    const givenUp = (status: string) => ({
      type: 'strategic' as const,
      subresource: 'status',
      body: { status: { conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:00Z' }] } },
    });
    const lost = await kubelet.client.resource<Pod>(PODS).patch(key, givenUp('False'), {}, kubelet.ctx);
    expect(ready(lost)).toBe(false);
    await kubelet.client.resource<Node>(NODES).patch({ name: 'n1' }, givenUp('Unknown'), {}, kubelet.ctx);
    const said = (await kubelet.untilPod(ready))?.status?.conditions?.find((each) => each.type === 'Ready');
    expect(+new Date(said?.lastTransitionTime ?? '')).toBeGreaterThan(+new Date('2026-01-01T00:00:00Z'));
    expect(isReady(await kubelet.until<Node>(NODES, 'metadata.name=n1', isReady))).toBe(true);
    expect(kubelet.created()).toEqual([['p', 0]]);
  });

  it('shows what a container was made with, and then has nothing more to write', async () => {
    const resources = { requests: { cpu: '0.1', memory: '1024Ki' }, limits: { memory: '2048Ki' } };
    const volumeMounts = [{ name: 'v', mountPath: '/v', readOnly: true }];
    const [main] = podOf().spec?.containers ?? [];
    await kubelet.create(
      podOf({
        containers: [{ ...main, name: 'main', resources, volumeMounts }],
        volumes: [{ name: 'v', emptyDir: {} }],
        securityContext: { runAsUser: 1000, runAsGroup: 3000 },
      }),
    );
    const pod = await kubelet.untilPod(ready);
    expect(pod?.status?.containerStatuses).toMatchObject([
      {
        resources: { requests: { cpu: '100m', memory: '1Mi' }, limits: { memory: '2Mi' } },
        allocatedResources: { cpu: '100m', memory: '1Mi' },
        volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true, recursiveReadOnly: 'Disabled' }],
        user: { linux: { uid: 1000, gid: 3000, supplementalGroups: [3000] } },
      },
    ]);
    // A label wakes its worker; a second pod that runs proves that it was looked at.
    const body = { metadata: { labels: { tier: 'front' } } };
    const labelled = await kubelet.client.resource<Pod>(PODS).patch(key, { type: 'merge', body }, {}, kubelet.ctx);
    await kubelet.create({ ...podOf(), metadata: { name: 'q', namespace: 'default' } });
    await kubelet.until<Pod>(PODS, 'metadata.name=q', ready);
    const { metadata } = await kubelet.client.resource<Pod>(PODS).fetch(key, kubelet.ctx);
    expect(metadata.resourceVersion).toBe(labelled.metadata.resourceVersion);
  });

  it('says which image it cannot get', async () => {
    await kubelet.create(podOf({ containers: [{ name: 'main', image: 'nowhere:1', imagePullPolicy: 'Never' }] }));
    const pod = await kubelet.untilPod(
      (each) =>
        each?.status?.containerStatuses?.[0]?.state?.waiting?.reason !== undefined &&
        each.status.containerStatuses[0].state.waiting.reason !== 'ContainerCreating',
    );
    expect(pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImageNeverPull');
  });

  it('gives back the address of a sandbox that somebody took from the engine', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    const [lost] = kubelet.network.attached.keys();
    await kubelet.runtime.removeSandbox(lost!, kubelet.ctx);
    const pod = await kubelet.untilPod((each) => ready(each) && each?.status?.podIP !== '10.244.0.2');
    expect([...kubelet.network.attached]).toEqual([[expect.not.stringMatching(lost!), pod?.status?.podIP]]);
  });

  it('gives it back with the pod, too, when there is no other sandbox', async () => {
    await kubelet.create(podOf());
    await kubelet.untilPod(ready);
    const [lost] = kubelet.network.attached.keys();
    kubelet.runtime.runSandbox = () => Promise.reject(new Error('out of order'));
    await kubelet.runtime.removeSandbox(lost!, kubelet.ctx);
    await kubelet.until(EVENTS, 'reason=FailedCreatePodSandBox', (event) => event !== undefined);
    await kubelet.client.resource(PODS).delete(key, { gracePeriodSeconds: 1 }, kubelet.ctx);
    await kubelet.untilPod((each) => each === undefined);
    expect(kubelet.network.attached.size).toBe(0);
  });
});
