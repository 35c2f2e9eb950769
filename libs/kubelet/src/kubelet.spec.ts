import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createInformerSet } from '@kubernest/client';
import { type Context, childContext, silentLogger, systemClock } from '@kubernest/kit';
import { isNotFound, type KubeObject } from '@kubernest/meta';
import { HollowNetwork, openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubelet } from './kubelet.ts';
import { startApi } from './testing/api.ts';
import { CONFIG_MAPS, NODES, type Node, PODS, type Pod } from './types.ts';
import { directoryMounter } from './volumes/mounter.ts';

const EVENTS = { group: '', version: 'v1', resource: 'events' } as const;

const podOf = (over: Partial<Pod['spec'] & object> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'default' },
  spec: {
    nodeName: 'n1',
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'busybox:1', command: ['sleep', '100'] }],
    ...over,
  },
});

describe('a kubelet', () => {
  const key = { namespace: 'default', name: 'p' };
  const machine = { runtime: openHollowRuntime(), network: new HollowNetwork() };
  let dir: string;
  let api: { readonly ctx: Context; readonly controller: AbortController };
  let kubelet: { readonly controller: AbortController; readonly done: Promise<void> };
  let client: Client;

  async function startKubelet() {
    const { ctx, controller } = childContext(api.ctx);
    const informers = createInformerSet(client);
    const engine = await informers.start(ctx);
    const { done } = await createKubelet({
      client,
      informers,
      runtime: machine.runtime,
      network: machine.network,
      nodeName: 'n1',
      nodeIPs: ['192.0.2.1'],
      dirs: { data: join(dir, 'data'), logs: join(dir, 'log') },
      dns: { clusterDns: ['10.96.0.10'], clusterDomain: 'cluster.local' },
      mounter: directoryMounter,
    }).start(ctx);
    return { controller, done: Promise.allSettled([done, engine.done]).then(() => {}) };
  }

  async function stopKubelet(): Promise<void> {
    kubelet.controller.abort(new DOMException('stopped', 'AbortError'));
    await kubelet.done;
  }

  /** Watches until the object is as wanted; `undefined` is: gone. */
  async function until<T extends KubeObject>(
    ref: typeof PODS,
    fieldSelector: string,
    wanted: (object: T | undefined) => boolean,
  ): Promise<T | undefined> {
    const { ctx, controller } = childContext(api.ctx);
    const { items, metadata } = await client.resource<T>(ref).list({ fieldSelector }, ctx);
    let last: T | undefined = items[0];
    if (wanted(last)) return last;
    const options = { fieldSelector, resourceVersion: metadata.resourceVersion };
    await client
      .resource<T>(ref)
      .watch(
        options,
        (event) => {
          if (event.type !== 'ADDED' && event.type !== 'MODIFIED' && event.type !== 'DELETED') return;
          last = event.type === 'DELETED' ? undefined : event.object;
          if (wanted(last)) controller.abort();
        },
        ctx,
      )
      .catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      });
    return last;
  }
  const untilPod = (wanted: (pod: Pod | undefined) => boolean) => until<Pod>(PODS, 'metadata.name=p', wanted);
  const created = () => machine.runtime.configs().map((each) => [each.pod.name, each.attempt]);
  const create = (pod: Pod) => client.resource<Pod>(PODS).create(pod, {}, api.ctx);
  const ready = (pod: Pod | undefined): boolean =>
    pod?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kubelet-spec-'));
    Object.assign(machine, { runtime: openHollowRuntime({ images: ['busybox:1'] }), network: new HollowNetwork() });
    api = childContext({ signal: new AbortController().signal, clock: systemClock, log: silentLogger });
    client = await startApi(api.ctx);
    kubelet = await startKubelet();
  });
  afterEach(async () => {
    await stopKubelet();
    api.controller.abort();
    rmSync(dir, { recursive: true, force: true });
  });

  it('registers its node and reports it ready', async () => {
    const node = await until<Node>(
      NODES,
      'metadata.name=n1',
      (each) => each?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false,
    );
    expect(node?.status?.addresses).toContainEqual({ type: 'InternalIP', address: '192.0.2.1' });
  });

  it('runs a pod bound to its node, reports its address, and leaves nothing once it is deleted', async () => {
    await create(podOf());
    const pod = await untilPod(ready);
    expect(pod?.status).toMatchObject({ phase: 'Running', podIP: '10.244.0.2', hostIP: '192.0.2.1' });
    expect(machine.runtime.running().map((each) => each.name)).toEqual(['main']);

    await client.resource(PODS).delete(key, {}, api.ctx);
    await untilPod((each) => each === undefined);
    await expect(client.resource(PODS).fetch(key, api.ctx)).rejects.toSatisfy(isNotFound);
    expect(machine.runtime.running()).toEqual([]);
    expect(machine.network.attached.size).toBe(0);
  });

  it('shows that it has a pod while that is still being made', async () => {
    let arrived = (): void => {};
    const pull = new Promise<void>((done) => {
      arrived = done;
    });
    const { pullImage } = machine.runtime;
    machine.runtime.pullImage = (...asked) => pull.then(() => pullImage(...asked));
    await create(podOf({ containers: [{ name: 'main', image: 'slow:1' }] }));
    const pod = await untilPod((each) => each?.status?.startTime !== undefined);
    expect(pod?.status).toMatchObject({
      ...{ phase: 'Pending', hostIP: '192.0.2.1' },
      containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    arrived();
    expect((await untilPod(ready))?.status?.phase).toBe('Running');
  });

  it('says of a pod that it turns away why, and nothing of containers that never were', async () => {
    await create(podOf({ hostUsers: false }));
    const pod = await untilPod((each) => each?.status?.phase === 'Failed');
    expect(pod?.status?.reason).toBe('UnsupportedPodField');
    expect(pod?.status?.containerStatuses).toBeUndefined();
  });

  it('turns away what it has no room for, keeps what it has, and takes the next once that is gone', async () => {
    const node = await until<Node>(
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
    await create(filling('p'));
    await untilPod(ready);
    await stopKubelet();
    kubelet = await startKubelet();
    await create(filling('q'));
    const turnedAway = await until<Pod>(PODS, 'metadata.name=q', (each) => each?.status?.phase === 'Failed');
    expect(turnedAway?.status?.reason).toBe('OutOfcpu');
    expect((await client.resource<Pod>(PODS).fetch(key, api.ctx)).status?.phase).toBe('Running');
    await client.resource(PODS).delete(key, {}, api.ctx);
    await untilPod((each) => each === undefined);
    await create(filling('r'));
    expect((await until<Pod>(PODS, 'metadata.name=r', ready))?.status?.phase).toBe('Running');
  });

  it('says what keeps it from making a pod', async () => {
    const { createContainer } = machine.runtime;
    let broken = true;
    machine.runtime.createContainer = async (...asked) => {
      if (broken) throw new Error('out of order');
      return createContainer(...asked);
    };
    await create(podOf());
    const told = await until(EVENTS, 'reason=FailedSync', (event) => event !== undefined);
    expect(told).toMatchObject({ type: 'Warning', message: 'Error syncing pod, trying again: out of order' });
    broken = false;
    await untilPod(ready);
  });

  it('mounts a ConfigMap before the container starts', async () => {
    const settings = { metadata: { name: 'settings', namespace: 'default' }, data: { mode: 'fast' } } as KubeObject;
    await client.resource(CONFIG_MAPS).create(settings, {}, api.ctx);
    const volumeMounts = [{ name: 'settings', mountPath: '/settings' }];
    await create(
      podOf({
        containers: [{ name: 'main', image: 'busybox:1', volumeMounts }],
        volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
      }),
    );
    await untilPod(ready);
    const [container] = machine.runtime.running();
    const mount = machine.runtime.configOf(container!.id)?.mounts.find((each) => each.containerPath === '/settings');
    expect(readFileSync(join(mount!.hostPath, 'mode'), 'utf8')).toBe('fast');
  });

  it('rewrites the files of its labels when they change', async () => {
    const volumeMounts = [{ name: 'info', mountPath: '/info' }];
    const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }];
    await create(
      podOf({
        containers: [{ name: 'main', image: 'busybox:1', volumeMounts }],
        volumes: [{ name: 'info', downwardAPI: { items } }],
      }),
    );
    await untilPod(ready);
    const [container] = machine.runtime.running();
    const mount = machine.runtime.configOf(container!.id)?.mounts.find((each) => each.containerPath === '/info');
    const dir = mount!.hostPath;
    const rewritten = new Promise<void>((done) => {
      const watcher = watch(dir, (_event, file) => {
        if (file !== '..data') return;
        watcher.close();
        done();
      });
    });
    await client
      .resource(PODS)
      .patch(key, { type: 'merge', body: { metadata: { labels: { tier: 'front' } } } }, {}, api.ctx);
    await rewritten;
    expect(readFileSync(join(dir, 'labels'), 'utf8')).toContain('tier="front"');
  });

  it.each([
    ['Always', 1, { restarts: 1, phase: 'Running' }],
    ['OnFailure', 1, { restarts: 1, phase: 'Running' }],
    ['OnFailure', 0, { restarts: 0, phase: 'Succeeded' }],
    ['Never', 1, { restarts: 0, phase: 'Failed' }],
  ])('of a pod with restart policy %s whose container ends with %d makes %o', async (restartPolicy, code, end) => {
    await create(podOf({ restartPolicy }));
    await untilPod(ready);
    machine.runtime.end(machine.runtime.running()[0]!.id, code);
    const settled = await untilPod(
      (pod) =>
        pod?.status?.phase === end.phase &&
        pod.status.containerStatuses?.[0]?.restartCount === end.restarts &&
        ready(pod) === (end.phase === 'Running'),
    );
    expect(settled?.status?.phase).toBe(end.phase);
    expect(machine.runtime.running()).toHaveLength(end.phase === 'Running' ? 1 : 0);
  });

  it('says at once that its node and pods are ready, when it was given up for lost', async () => {
    await create(podOf());
    await untilPod(ready);
    const isReady = (node: Node | undefined) =>
      node?.status?.conditions?.find((each) => each.type === 'Ready')?.status === 'True';
    await until<Node>(NODES, 'metadata.name=n1', isReady);
    const givenUp = (status: string) => ({
      type: 'strategic' as const,
      subresource: 'status',
      body: { status: { conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:00Z' }] } },
    });
    const lost = await client.resource<Pod>(PODS).patch(key, givenUp('False'), {}, api.ctx);
    expect(ready(lost)).toBe(false);
    await client.resource<Node>(NODES).patch({ name: 'n1' }, givenUp('Unknown'), {}, api.ctx);
    const said = (await untilPod(ready))?.status?.conditions?.find((each) => each.type === 'Ready');
    expect(+new Date(said?.lastTransitionTime ?? '')).toBeGreaterThan(+new Date('2026-01-01T00:00:00Z'));
    expect(isReady(await until<Node>(NODES, 'metadata.name=n1', isReady))).toBe(true);
    expect(created()).toEqual([['p', 0]]);
  });

  it('shows what a container was made with, and then has nothing more to write', async () => {
    const resources = { requests: { cpu: '0.1', memory: '1024Ki' }, limits: { memory: '2048Ki' } };
    const volumeMounts = [{ name: 'v', mountPath: '/v', readOnly: true }];
    const [main] = podOf().spec?.containers ?? [];
    await create(
      podOf({
        containers: [{ ...main, name: 'main', resources, volumeMounts }],
        volumes: [{ name: 'v', emptyDir: {} }],
        securityContext: { runAsUser: 1000, runAsGroup: 3000 },
      }),
    );
    const pod = await untilPod(ready);
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
    const labelled = await client.resource<Pod>(PODS).patch(key, { type: 'merge', body }, {}, api.ctx);
    await create({ ...podOf(), metadata: { name: 'q', namespace: 'default' } });
    await until<Pod>(PODS, 'metadata.name=q', ready);
    const { metadata } = await client.resource<Pod>(PODS).fetch(key, api.ctx);
    expect(metadata.resourceVersion).toBe(labelled.metadata.resourceVersion);
  });

  it('that comes back adopts what runs, and ends what was deleted meanwhile', async () => {
    await create(podOf());
    await untilPod(ready);
    const [before] = machine.runtime.running();
    await stopKubelet();
    expect(machine.runtime.running()).toEqual([before]);
    await client.resource(PODS).delete(key, {}, api.ctx);
    kubelet = await startKubelet();
    await untilPod((each) => each === undefined);
    expect(machine.runtime.running()).toEqual([]);
    expect(created()).toEqual([['p', 0]]);
  });

  it('that comes back restarts no container', async () => {
    await create(podOf());
    await untilPod(ready);
    const [before] = machine.runtime.running();
    await stopKubelet();
    kubelet = await startKubelet();
    // A second pod that runs proves that the first was looked at by the new kubelet, too.
    await create({ ...podOf(), metadata: { name: 'q', namespace: 'default' } });
    await until<Pod>(PODS, 'metadata.name=q', ready);
    expect(machine.runtime.running()).toContainEqual(before);
    expect(created()).toEqual([
      ['p', 0],
      ['q', 0],
    ]);
  });

  it('that comes back does not call its node unready before it has looked', async () => {
    const said = (node: Node | undefined): string | undefined =>
      node?.status?.conditions?.find((each) => each.type === 'Ready')?.status;
    await until<Node>(NODES, 'metadata.name=n1', (node) => said(node) === 'True');
    await stopKubelet();
    const body = { spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] } };
    await client.resource(NODES).patch({ name: 'n1' }, { type: 'merge', body }, {}, api.ctx);
    let configured = false;
    const status = () => (configured ? { ready: true } : { ready: false, reason: 'not configured' }) as { ready: true };
    const configure = async () => {
      configured = true;
    };
    Object.assign(machine.network, { status, configure });
    // Whenever the machine is looked at: to register, then for each report.
    const looks: boolean[] = [];
    const reported = Promise.withResolvers<void>();
    const { info } = machine.runtime;
    machine.runtime.info = (ctx) => {
      if (looks.push(configured) > 1) reported.resolve();
      return info(ctx);
    };
    kubelet = await startKubelet();
    await reported.promise;
    expect(looks).toEqual([false, true]);
    expect(said(await client.resource<Node>(NODES).fetch({ name: 'n1' }, api.ctx))).toBe('True');
  });

  it('gives back the address of a sandbox that somebody took from the engine', async () => {
    await create(podOf());
    await untilPod(ready);
    const [lost] = machine.network.attached.keys();
    await machine.runtime.removeSandbox(lost!, api.ctx);
    const pod = await untilPod((each) => ready(each) && each?.status?.podIP !== '10.244.0.2');
    expect([...machine.network.attached]).toEqual([[expect.not.stringMatching(lost!), pod?.status?.podIP]]);
  });

  it('gives it back with the pod, too, when there is no other sandbox', async () => {
    await create(podOf());
    await untilPod(ready);
    const [lost] = machine.network.attached.keys();
    machine.runtime.runSandbox = () => Promise.reject(new Error('out of order'));
    await machine.runtime.removeSandbox(lost!, api.ctx);
    await until(EVENTS, 'reason=FailedCreatePodSandBox', (event) => event !== undefined);
    await client.resource(PODS).delete(key, { gracePeriodSeconds: 1 }, api.ctx);
    await untilPod((each) => each === undefined);
    expect(machine.network.attached.size).toBe(0);
  });

  it('that comes back gives back the addresses of sandboxes that went unseen', async () => {
    await create(podOf());
    await untilPod(ready);
    await stopKubelet();
    const [lost] = machine.network.attached.keys();
    const [container] = machine.runtime.running();
    await machine.runtime.removeContainer(container!.id, api.ctx);
    await machine.runtime.removeSandbox(lost!, api.ctx);
    kubelet = await startKubelet();
    await untilPod((pod) => ready(pod) && pod?.status?.podIP !== '10.244.0.2');
    expect([...machine.network.attached]).toEqual([[expect.not.stringMatching(lost!), '10.244.0.3']]);
  });

  it('says which image it cannot get', async () => {
    await create(podOf({ containers: [{ name: 'main', image: 'nowhere:1', imagePullPolicy: 'Never' }] }));
    const pod = await untilPod(
      (each) =>
        each?.status?.containerStatuses?.[0]?.state?.waiting?.reason !== undefined &&
        each.status.containerStatuses[0].state.waiting.reason !== 'ContainerCreating',
    );
    expect(pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImageNeverPull');
  });
});
