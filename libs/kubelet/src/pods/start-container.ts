import { readFile, writeFile } from 'node:fs/promises';
import { hostname as machineHostname } from 'node:os';
import { join } from 'node:path';
import { type Context, isAborted, messageOf } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import type { ContainerState, ImageState, Mount } from '@kubernest/runtime/contract';
import { ContainerConfigError, ContainerStartError } from '@kubernest/runtime/contract';
import { ImageError } from '../images/images.ts';
import { credentialsFor } from '../images/pull-secrets.ts';
import { hostnameOf, hostsFile } from '../network/hosts-file.ts';
import type { EphemeralContainer, Pod, Secret } from '../types.ts';
import type { VolumeSetup } from '../volumes/volume.ts';
import { ConfigError } from './config-error.ts';
import { containerConfig } from './container-config.ts';
import type { DownwardFacts } from './downward.ts';
import { resolveEnv } from './env.ts';
import { terminationLog, volumeMounts } from './mounts.ts';
import type { NodeParts } from './node-parts.ts';
import { type PodContainer, uidOf } from './pod.ts';
import { instancesOf } from './pod-runtime.ts';

/** A container did not come up; `reason` is what its status shows while it waits. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  constructor(
    readonly reason: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface StartRequest {
  readonly pod: Pod;
  readonly entry: PodContainer;
  readonly attempt: number;
  readonly sandboxId: string;
  readonly volumes: ReadonlyMap<string, VolumeSetup>;
  readonly facts: DownwardFacts;
  /** Aborted when the pod must end. */
  readonly untilStop: Context;
}

/**
 * Image, configuration, create, start; with Kubernetes' events on the way. What waits (pulls, objects) may be broken off; a container that
 * is being made or started is waited for.
 */
export async function startContainer(request: StartRequest, parts: NodeParts, ctx: Context): Promise<ContainerState> {
  const { pod, entry, untilStop } = request;
  const events = parts.events.ofContainer(pod, entry);
  const fail = (reason: string, error: unknown): never => {
    if (isAborted(error)) throw error;
    events.warning('Failed', `Error: ${messageOf(error)}`);
    throw new StartFailure(reason, messageOf(error), { cause: error });
  };
  const image = await parts.images
    .ensure(entry.container, (reference) => pullCredentials(pod, reference, parts, untilStop), events, untilStop)
    .catch((error: unknown) => {
      if (!(error instanceof ImageError)) throw error;
      events.warning('Failed', `Error: ${error.reason}`);
      throw new StartFailure(error.reason, error.message, { cause: error });
    });
  const config = await configure(request, image, parts, untilStop).catch((error: unknown) => {
    if (error instanceof ConfigError) return fail('CreateContainerConfigError', error);
    throw error;
  });
  const start = async (limited: Context): Promise<ContainerState> => {
    untilStop.signal.throwIfAborted();
    const { id } = await parts.runtime.createContainer(config, limited).catch((error: unknown) => {
      if (error instanceof ContainerConfigError || error instanceof ContainerStartError)
        return fail('CreateContainerError', error);
      throw error;
    });
    events.normal('Created', `Created container: ${entry.container.name}`);
    untilStop.signal.throwIfAborted();
    await parts.runtime.startContainer(id, limited).catch((error: unknown) => {
      if (error instanceof ContainerStartError) return fail('RunContainerError', error);
      throw error;
    });
    return (
      (await parts.view.refreshContainer(id, limited)) ??
      fail('RunContainerError', new Error(`container ${id} vanished while it started`))
    );
  };
  const state = await parts.view.act({ podUid: uidOf(pod) }, start, ctx);
  await parts.links.add(state);
  events.normal('Started', `Started container ${entry.container.name}`);
  return state;
}

async function configure(request: StartRequest, image: ImageState, parts: NodeParts, ctx: Context) {
  const { pod, entry, facts } = request;
  const namespace = pod.metadata.namespace ?? '';
  const services = await visibleServices(pod, parts, ctx);
  const sources = {
    configMap: (name: string) => parts.objects.configMap(namespace, name, uidOf(pod), ctx),
    secret: (name: string) => parts.objects.secret(namespace, name, uidOf(pod), ctx),
    services,
  };
  const env = await resolveEnv(entry.container, sources, facts);
  const names = new Set(env.map((e) => e.name));
  if (!names.has('HOSTNAME')) env.push({ name: 'HOSTNAME', value: ownHostname(pod, parts) });
  const podDir = parts.podDir(uidOf(pod));
  const own = await volumeMounts(
    { container: entry.container, volumes: request.volumes, env, podDir },
    parts.mounter,
    ctx,
  );
  const mounts = [...own, ...(await agentMounts(request, podDir, parts, own))];
  const { nodeMemoryBytes, seccompDir, log } = parts;
  const targetId = targetOf(request, parts);
  return containerConfig({ ...request, targetId, image, env, mounts, nodeMemoryBytes, seccompDir, log });
}

/** Throws when the container that is to be looked into does not run (yet). */
function targetOf({ pod, entry }: StartRequest, { view }: NodeParts): string | undefined {
  const { targetContainerName: name } = entry.container as EphemeralContainer;
  if (!name) return undefined;
  const target = instancesOf(view.pod(uidOf(pod)), name).find((c) => c.state === 'running');
  if (!target) throw new ConfigError(`unable to find target container ${name}`);
  return target.id;
}

const ownHostname = (pod: Pod, { dns }: NodeParts): string =>
  pod.spec?.hostNetwork ? machineHostname() : hostnameOf(pod, dns.clusterDomain).hostname;

/** The files that every container gets from the agent, unless it mounts something of its own there. */
async function agentMounts(
  request: StartRequest,
  podDir: string,
  parts: NodeParts,
  own: readonly Mount[],
): Promise<Mount[]> {
  const { pod, entry, attempt, facts } = request;
  const taken = new Set(own.map((m) => m.containerPath));
  const read = async (path: string): Promise<string> => (await ifThere(readFile(path, 'utf8'))) ?? '';
  const hosts = join(podDir, 'etc-hosts');
  await writeFile(hosts, hostsFile(pod, facts.podIPs, parts.dns.clusterDomain, await read('/etc/hosts')), {
    mode: 0o644,
  });
  const names = await parts.resolv.write(pod, podDir);
  if (names.fault) parts.events.ofPod(pod).warning('DNSConfigForming', names.fault);
  const file = (hostPath: string, containerPath: string): Mount => ({
    ...{ hostPath, containerPath },
    ...{ readOnly: false, propagation: 'private' },
  });
  const mounts = [
    file(hosts, '/etc/hosts'),
    file(names.path, '/etc/resolv.conf'),
    await terminationLog(entry.container, podDir, attempt),
  ];
  return mounts.filter(({ containerPath }) => !taken.has(containerPath));
}

async function visibleServices(pod: Pod, parts: NodeParts, ctx: Context) {
  const master = (await parts.services('default', ctx)).filter((s) => s.metadata.name === 'kubernetes');
  if (pod.spec?.enableServiceLinks === false) return master;
  const namespace = pod.metadata.namespace ?? '';
  return [
    ...master,
    ...(await parts.services(namespace, ctx)).filter(
      (s) => namespace !== 'default' || s.metadata.name !== 'kubernetes',
    ),
  ];
}

async function pullCredentials(pod: Pod, reference: string, parts: NodeParts, ctx: Context) {
  const secrets: Secret[] = [];
  for (const { name } of pod.spec?.imagePullSecrets ?? []) {
    const secret = name ? await parts.objects.secret(pod.metadata.namespace ?? '', name, uidOf(pod), ctx) : undefined;
    if (secret) secrets.push(secret);
    else
      parts.events
        .ofPod(pod)
        .warning(
          'FailedToRetrieveImagePullSecret',
          `Unable to retrieve some image pull secrets (${name}); attempting to pull the image may not succeed.`,
        );
  }
  return credentialsFor(reference, secrets);
}
