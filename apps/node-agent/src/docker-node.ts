import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, createEventRecorder, createInformerSet } from '@kubernest/client';
import { demoImages } from '@kubernest/demo-image';
import { type Context, group, messageOf, type Runnable, whenAborted } from '@kubernest/kit';
import {
  type CgroupOptions,
  createKubelet,
  followedMachineResolver,
  LogLinks,
  PodCgroups,
  removePodDir,
  ServingCertificate,
  systemMounter,
} from '@kubernest/kubelet';
import { followedTransport } from '@kubernest/pki';
import { ifThere } from '@kubernest/process';
import { createProxy } from '@kubernest/proxy/engine';
import { iptablesDataplane } from '@kubernest/proxy/iptables';
import { cniPodNetwork } from '@kubernest/runtime/cni';
import { type DockerRuntime, openDockerRuntime } from '@kubernest/runtime/docker';
import { type DockerConfig, proxyKubeconfig, servingFile } from './config.ts';

const runtimeOf = (config: DockerConfig) =>
  openDockerRuntime({
    socketPath: config.dockerSocket,
    cluster: config.clusterName,
    node: config.nodeName,
    madeImages: demoImages,
  });
const cgroupsOf = ({ clusterName }: DockerConfig): CgroupOptions => ({
  mount: '/sys/fs/cgroup',
  root: clusterName === 'default' ? 'kubepods' : `kubepods_${clusterName}`,
});
const networkOf = (config: DockerConfig) =>
  cniPodNetwork({
    cluster: config.clusterName,
    stateDir: join(config.dataDir, 'network'),
    names: { bridge: config.bridge },
    serviceCidr: config.serviceCidr,
  });
const dataplaneOf = (config: DockerConfig) =>
  iptablesDataplane({ chainPrefix: config.chainPrefix, stateDir: join(config.dataDir, 'proxy') });

/** Kubelet and Service proxy of this machine. Stopping it stops no container and takes back no rule. */
export async function dockerNode(config: DockerConfig, ctx: Context): Promise<Runnable> {
  const own = followedTransport(config.kubeconfig);
  const client = createClient(own.transport);
  const informers = createInformerSet(client);
  const { nodeName, nodeIp, clusterCidr, serviceCidr } = config;
  const files = { certificate: servingFile(config, 'crt'), key: servingFile(config, 'key') };
  const serving = await ServingCertificate.open({ nodeName, nodeIPs: [nodeIp], files, clusterCa: String(own.ca) }, ctx);
  const forProxy = followedTransport(proxyKubeconfig(config));
  const proxyInformers = createInformerSet(forProxy.transport);
  const proxy = createProxy({
    informers: proxyInformers,
    dataplane: dataplaneOf(config),
    events: (ctx) =>
      createEventRecorder({ component: 'kube-proxy', host: nodeName, client: createClient(forProxy.transport) }, ctx),
    nodeName,
    nodeAddresses: [config.nodeIp],
    clusterCidr,
    serviceCidr,
  });
  const runtime = runtimeOf(config);
  const { resolver, follower: ofResolver } = followedMachineResolver();
  const kubelet = createKubelet({
    client,
    informers,
    runtime,
    network: networkOf(config),
    nodeName,
    nodeIPs: [config.nodeIp],
    dirs: { data: config.dataDir, logs: config.logDir },
    dns: { clusterDns: [config.clusterDns], clusterDomain: config.clusterDomain },
    resolver,
    mounter: systemMounter,
    server: { port: config.port, tls: serving.tls, keep: (ctx) => serving.keep(client, ctx) },
    cgroups: cgroupsOf(config),
    clusterCidr,
  });
  const followers = [own.follower, forProxy.follower];
  return group('node', [
    informers,
    proxyInformers,
    proxy,
    sessionsOf(runtime),
    ofResolver,
    kubelet,
    ...followers,
    demoOf(runtime),
  ]);
}

/**
 * Before the kubelet, so that it stops after it: what is left of sessions by then would outlive this process. What an agent that died left
 * of its own is ended first.
 */
const sessionsOf = (runtime: DockerRuntime): Runnable => ({
  name: 'sessions',
  start: async (ctx) => {
    const hungUp = runtime.hangUpLostSessions(ctx);
    return { done: Promise.all([hungUp, whenAborted(ctx.signal)]).then(() => runtime.sessionsEnded()) };
  },
});

/** Last and in the background: no pod waits for them, as one that comes first makes the image that it asks for. */
const demoOf = (runtime: DockerRuntime): Runnable => ({
  name: 'demo images',
  start: async (ctx) => ({
    done: runtime.makeImages(ctx).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.log.warn('the demo images are not made yet', { error: messageOf(error) });
    }),
  }),
});

/**
 * Takes back what the agent made on this machine: containers, their logs, mounts, pod network, Service rules, cgroups. Nothing there is success.
 * Each part is tried whatever became of the others, so that an engine that is down keeps only its own containers back.
 */
export async function tearDown(config: DockerConfig, ctx: Context): Promise<void> {
  const runtime = runtimeOf(config);
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => {
      ctx.signal.throwIfAborted();
      failures.push(error);
    });
  };
  await Promise.all([attempt(() => runtime.removeAll(ctx)), attempt(() => dataplaneOf(config).teardown(ctx))]);
  await attempt(() => removeLogLinks(config));
  await attempt(() => removePodDir(join(config.dataDir, 'pods'), { mounter: systemMounter }, ctx));
  await attempt(() => networkOf(config).teardown(ctx));
  await attempt(() => new PodCgroups(cgroupsOf(config), runtime).teardown(ctx));
  if (failures.length > 0) throw new Error(failures.map(messageOf).join('; '), { cause: failures[0] });
}

/** What they point to is gone with the containers. The folders of pods tell whose they are: other kubelets may have theirs beside them. */
async function removeLogLinks({ dataDir, logDir }: DockerConfig): Promise<void> {
  const links = new LogLinks(logDir);
  for (const uid of (await ifThere(readdir(join(dataDir, 'pods')))) ?? []) await links.removePod(uid);
}
