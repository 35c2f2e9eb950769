import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, createInformerSet, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { type Context, group, type Runnable } from '@kubernest/kit';
import { createKubelet, systemMounter } from '@kubernest/kubelet';
import { createProxy } from '@kubernest/proxy/engine';
import { iptablesDataplane } from '@kubernest/proxy/iptables';
import { cniPodNetwork } from '@kubernest/runtime/cni';
import { openDockerRuntime } from '@kubernest/runtime/docker';
import { type DockerConfig, proxyKubeconfig, servingFile } from './config.ts';

const runtimeOf = (config: DockerConfig) =>
  openDockerRuntime({ socketPath: config.dockerSocket, cluster: config.clusterName, node: config.nodeName });
const networkOf = (config: DockerConfig) =>
  cniPodNetwork({
    cluster: config.clusterName,
    stateDir: join(config.dataDir, 'network'),
    names: { bridge: config.bridge },
  });
const dataplaneOf = (config: DockerConfig) =>
  iptablesDataplane({ chainPrefix: config.chainPrefix, stateDir: join(config.dataDir, 'proxy') });

/** Kubelet and Service proxy of this machine. Stopping it stops no container and takes back no rule. */
export function dockerNode(config: DockerConfig): Runnable {
  const options = transportOptionsOf(loadKubeconfig([config.kubeconfig]));
  const client = createClient(httpTransport(options));
  const informers = createInformerSet(client);
  const pem = (suffix: 'crt' | 'key'): string => readFileSync(servingFile(config, suffix), 'utf8');
  const { nodeName, clusterCidr } = config;
  const proxyInformers = createInformerSet(
    httpTransport(transportOptionsOf(loadKubeconfig([proxyKubeconfig(config)]))),
  );
  const proxy = createProxy({
    informers: proxyInformers,
    dataplane: dataplaneOf(config),
    nodeName,
    nodeAddresses: [config.nodeIp],
    clusterCidr,
  });
  const kubelet = createKubelet({
    client,
    informers,
    runtime: runtimeOf(config),
    network: networkOf(config),
    nodeName,
    nodeIPs: [config.nodeIp],
    dirs: { data: config.dataDir, logs: config.logDir },
    dns: { clusterDns: [config.clusterDns], clusterDomain: config.clusterDomain },
    mounter: systemMounter,
    server: { port: config.port, tls: { cert: pem('crt'), key: pem('key'), clientCa: String(options.ca) } },
    clusterCidr,
  });
  return group('node', [informers, proxyInformers, proxy, kubelet]);
}

/** Takes back what the agent made on this machine: containers, mounts, pod network, Service rules. Nothing there is success. */
export async function tearDown(config: DockerConfig, ctx: Context): Promise<void> {
  await Promise.all([runtimeOf(config).removeAll(ctx), dataplaneOf(config).teardown(ctx)]);
  const pods = join(config.dataDir, 'pods');
  for (const mount of await systemMounter.mountsBelow(pods)) await systemMounter.unmount(mount, ctx);
  rmSync(pods, { recursive: true, force: true });
  await networkOf(config).teardown(ctx);
}
