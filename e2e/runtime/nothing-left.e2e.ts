import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { systemMounter } from '@kubernest/kubelet';
import { type CniPodNetwork, cniPodNetwork } from '@kubernest/runtime/cni';
import { type DockerRuntime, openDockerRuntime } from '@kubernest/runtime/docker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Call, FatefulCalls } from '../../libs/kubelet/src/testing/calls.ts';
import { type Befalls, fates, type Life } from '../../libs/kubelet/src/testing/fates.ts';
import { ready, TestKubelet } from '../../libs/kubelet/src/testing/kubelet.ts';
import { PODS, type Pod } from '../../libs/kubelet/src/types.ts';
import { untilTold } from '../../libs/runtime/contract/src/suite.ts';
import { needs } from '../../tools/test/facts.ts';
import { eventually } from '../cluster/test-cluster.ts';
import { busyboxRootfs } from './busybox-image.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';

const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });
const names = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir) : []);

const cluster = `nothing-left-${process.pid}`;
const cgroupRoot = `kubernest_left_${process.pid}`;
const podOf = (name: string, n: number): Pod => ({
  metadata: { name, namespace: 'default' },
  spec: {
    nodeName: 'n1',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 2,
    containers: [
      {
        name: 'main',
        image: 'busybox:1',
        command: ['/bin/busybox', 'sh', '-c', untilTold],
        ports: [{ containerPort: 80, hostPort: 21_000 + n }],
        volumeMounts: [
          { name: 'memory', mountPath: '/memory' },
          { name: 'memory', mountPath: '/part', subPath: 'part' },
        ],
      },
    ],
    volumes: [{ name: 'memory', emptyDir: { medium: 'Memory' } }],
  },
});

/** What a pod's life is made of. */
const callsOf = {
  runtime: [
    ...(['runSandbox', 'stopSandbox', 'removeSandbox', 'createContainer', 'startContainer'] as const),
    ...(['stopContainer', 'removeContainer'] as const),
  ],
  network: ['attach', 'detach'] as const,
  mounter: ['mountTmpfs', 'bind', 'unmount'] as const,
};

describe('a kubelet on a real engine', needs('root', 'dockerd', 'busybox', 'cni'), () => {
  let engine: TestEngine;
  let runtime: DockerRuntime;
  let network: CniPodNetwork;
  let stateDir: string;
  let kubelet: TestKubelet;
  let fate: (call: Call, run: () => Promise<unknown>) => Promise<unknown>;
  let restarting: Promise<void> = Promise.resolve();
  const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

  beforeAll(async () => {
    engine = await startTestEngine();
    runtime = openDockerRuntime({ socketPath: engine.socketPath, cluster, node: 'n1' });
    await runtime.loadImage(busyboxRootfs(), 'busybox:1', ctx);
    await runtime.prepare(ctx);
    stateDir = mkdtempSync(join(tmpdir(), 'kubernest-left-'));
    network = cniPodNetwork({ cluster, stateDir });
    await network.configure({ podCidrs: ['10.214.9.0/24'], clusterCidr: '10.214.0.0/16' }, ctx);
  });
  afterAll(async () => {
    await runtime?.removeAll(ctx);
    await network?.teardown(ctx);
    await engine?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    fate = (_call, work) => work();
    const calls = new FatefulCalls((call, work) => fate(call, work));
    const instead = {
      runtime: calls.wrap('engine', runtime, callsOf.runtime),
      network: calls.wrap('agent', network, callsOf.network),
      mounter: calls.wrap('agent', systemMounter, callsOf.mounter),
      cgroups: { mount: '/sys/fs/cgroup', root: cgroupRoot },
    };
    kubelet = new TestKubelet(systemClock, () => instead);
    await kubelet.open();
  });
  afterEach(async () => {
    await restarting;
    await kubelet.close();
  });

  /** What the machine itself shows of pods. */
  const left = async (): Promise<readonly string[]> => {
    const { sandboxes, containers } = await runtime.snapshot(ctx);
    const docker = run('docker', '-H', `unix://${engine.socketPath}`, 'ps', '-aq').split('\n');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const links = run('ip', '-o', 'link', 'show', 'master', network.names.bridge).split('\n');
    const rules = run('iptables', '-w', '5', '-t', 'nat', '-S').split('\n');
    const leases = names(join(stateDir, 'leases', network.names.network)).filter((name) => /^[\d.]+$/.test(name));
    const notes = names(join(stateDir, 'attachments')).filter((name) => name.endsWith('.json'));
    const cgroups = run('find', '/sys/fs/cgroup', '-path', `*/${cgroupRoot}/*pod*`, '-type', 'd').split('\n');
    return [
      ...sandboxes.map(({ pod }) => `sandbox of ${pod.name}`),
      ...containers.map(({ pod, state }) => `container of ${pod.name}, ${state}`),
      ...docker,
      ...mounts.filter((line) => line.includes(kubelet.dir)),
      ...links,
      ...rules.filter((line) => line.includes(network.names.network)),
      ...[...leases, ...notes, ...cgroups],
      ...['data/pods', 'log/pods', 'log/containers'].flatMap((dir) => names(join(kubelet.dir, dir))),
    ].filter((line) => line !== '');
  };
  const nothingLeft = () => eventually(async () => expect(await left()).toEqual([]));

  const killAgent = (): void => {
    restarting = restarting.then(() => kubelet.stop()).then(() => kubelet.start());
  };
  const lifeOf = (name: string): Life => ({
    clock: systemClock,
    killAgent,
    get agent() {
      return kubelet.stopped;
    },
    delete: (gracePeriodSeconds) => kubelet.delete(name, gracePeriodSeconds),
  });
  const until = (name: string, wanted: (pod: Pod | undefined) => boolean) =>
    kubelet.until<Pod>(PODS, `metadata.name=${name}`, wanted);
  /** From its creation until it is ready, then until it is deleted. */
  const live = async (pod: Pod): Promise<void> => {
    const name = pod.metadata.name ?? '';
    await kubelet.create(pod);
    const last = await until(name, (each) => !each || !!each.metadata.deletionTimestamp || ready(each));
    if (last) await lifeOf(name).delete();
    await until(name, (each) => each === undefined);
  };

  /** The pod that a call is for, by what it is called with, and what calls before it gave. */
  const podsByCall = () => {
    const known = new Map<string, string>();
    const nameOf = async ({ args }: Call): Promise<string | undefined> => {
      const [first] = args;
      if (typeof first === 'object' && first !== null && 'pod' in first) return (first.pod as { name: string }).name;
      const id = args.find((arg) => typeof arg === 'string') ?? '';
      const uid = /\/pods\/([^/]+)\//.exec(id)?.[1];
      if (uid === undefined) return known.get(id);
      const { items } = await kubelet.client.resource<Pod>(PODS).list({}, kubelet.ctx);
      for (const { metadata } of items) known.set(metadata.uid ?? '', metadata.name ?? '');
      return known.get(uid);
    };
    return async (
      call: Call,
      work: () => Promise<unknown>,
      then: (name: string | undefined) => Befalls | undefined,
    ) => {
      const name = await nameOf(call);
      const noted = async (): Promise<unknown> => {
        const made = await work();
        if (name !== undefined && typeof made === 'object' && made !== null && 'id' in made)
          known.set(String(made.id), name);
        return made;
      };
      const befalls = then(name);
      return befalls && name !== undefined ? befalls(lifeOf(name), call, noted) : noted();
    };
  };

  /** No fewer than a life has: mounts, sandbox, address, container, and back. */
  const CALLS = 16;

  it.each(Object.entries(fates).filter(([name]) => !/agent|never/.test(name)))(
    'leaves nothing of a pod, whichever of the calls of its life it is during which %s',
    async (_, befalls) => {
      const counts = new Map<string, number>();
      const befallen = new Set<string>();
      const byCall = podsByCall();
      fate = (call, work) =>
        byCall(call, work, (name = '') => {
          const n = (counts.get(name) ?? 0) + 1;
          counts.set(name, n);
          if (name !== `p-${n}`) return undefined;
          befallen.add(call.name);
          return befalls;
        });
      await Promise.all(Array.from({ length: CALLS }, (_each, i) => live(podOf(`p-${i + 1}`, i))));
      const all = Object.values(callsOf).flat();
      // Which call of a life is the n-th depends on how it goes: what none of those met, one more meets by its name.
      const missed = all.filter((name) => !befallen.has(name));
      fate = (call, work) =>
        byCall(call, work, (name) => {
          if (name !== `m-${call.name.toLowerCase()}` || befallen.has(call.name)) return undefined;
          befallen.add(call.name);
          return befalls;
        });
      await Promise.all(missed.map((name, i) => live(podOf(`m-${name.toLowerCase()}`, CALLS + i))));
      await nothingLeft();
      expect([...befallen].sort()).toEqual(all.sort());
    },
    120_000,
  );

  it('leaves nothing of pods whose agent dies at every fifth call', async () => {
    let calls = 0;
    fate = (_call, work) => {
      if (++calls % 5 === 0 && calls <= 60) killAgent();
      return work();
    };
    await Promise.all(Array.from({ length: 4 }, (_each, i) => live(podOf(`p-${i + 1}`, i))));
    await nothingLeft();
    expect(calls).toBeGreaterThan(40);
  }, 180_000);
});
