import { readFileSync } from 'node:fs';
import { type ContainerConfig, ContainerConfigError, type ContainerSecurity } from '@kubernest/runtime/contract';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { containerLabels, engineName, type Owner } from './labels.ts';

/** What a container takes over from its sandbox. */
export interface SandboxFacts {
  readonly hostNetwork: boolean;
  readonly hostIpc: boolean;
  readonly cgroupParent: string;
}

export function containerSpec(
  config: ContainerConfig,
  sandbox: SandboxFacts,
  owner: Owner,
  oomFloor: number,
): ContainerCreateOptions {
  check(config);
  const { security } = config;
  return {
    name: engineName(config.name, config.pod, config.attempt),
    Image: config.imageId,
    Labels: { ...containerLabels(config, owner) },
    ...(config.command ? { Entrypoint: [...config.command] } : {}),
    ...(config.args ? { Cmd: [...config.args] } : {}),
    ...(config.workingDir ? { WorkingDir: config.workingDir } : {}),
    Env: config.env.map(({ name, value }) => `${name}=${value}`),
    OpenStdin: config.stdin,
    StdinOnce: config.stdinOnce,
    Tty: config.tty,
    ...(security.user === undefined ? {} : { User: security.user }),
    // Probes are the kubelet's; an image's own health check would run beside them.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...namespaces(config, sandbox),
      ...resources(config, oomFloor),
      ...securityOf(security),
      ...storage(config),
    },
  };
}

function check(config: ContainerConfig): void {
  for (const mount of config.mounts)
    if (!mount.hostPath.startsWith('/') || !mount.containerPath.startsWith('/'))
      throw new ContainerConfigError(
        `container ${config.name}: mount ${mount.hostPath} -> ${mount.containerPath}: both paths must be absolute`,
      );
  for (const { name, value } of config.env)
    if (name === '' || name.includes('=') || `${name}${value}`.includes('\0'))
      throw new ContainerConfigError(
        `container ${config.name}: environment variable ${JSON.stringify(name)} has a name or value that no process can have`,
      );
}

function namespaces(config: ContainerConfig, sandbox: SandboxFacts): HostConfig {
  const joined = `container:${config.sandboxId}`;
  const { pidNamespace } = config;
  const pid =
    typeof pidNamespace === 'object'
      ? `container:${pidNamespace.of}`
      : { container: undefined, pod: joined, host: 'host' }[pidNamespace];
  return {
    NetworkMode: joined,
    IpcMode: sandbox.hostIpc ? 'host' : joined,
    ...(sandbox.hostNetwork ? { UTSMode: 'host' } : {}),
    ...(pid ? { PidMode: pid } : {}),
    ...(sandbox.cgroupParent ? { CgroupParent: sandbox.cgroupParent } : {}),
  };
}

function resources({ resources: r }: ContainerConfig, oomFloor: number): HostConfig {
  return {
    ...(r.cpuShares ? { CpuShares: r.cpuShares } : {}),
    ...(r.cpuQuota ? { CpuQuota: r.cpuQuota } : {}),
    ...(r.cpuPeriod ? { CpuPeriod: r.cpuPeriod } : {}),
    // Equal to the limit: no swap on top of it.
    ...(r.memoryLimit ? { Memory: r.memoryLimit, MemorySwap: r.memoryLimit } : {}),
    ...(r.oomScoreAdj === undefined ? {} : { OomScoreAdj: Math.max(r.oomScoreAdj, oomFloor) }),
  };
}

function securityOf(security: ContainerSecurity): HostConfig {
  const options = [
    ...(security.allowPrivilegeEscalation ? [] : ['no-new-privileges']),
    ...seccompOption(security.seccompProfile),
    ...Object.entries(security.seLinux ?? {}).map(([part, value]) => `label=${part}:${value}`),
  ];
  return {
    Privileged: security.privileged,
    GroupAdd: [...security.supplementalGroups],
    ReadonlyRootfs: security.readOnlyRootFilesystem,
    CapAdd: [...security.addCapabilities],
    CapDrop: [...security.dropCapabilities],
    SecurityOpt: options,
    ...(security.unmaskedProc ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
  };
}

/** The engine takes a profile's text, not its path. */
function seccompOption(profile: string | undefined): string[] {
  if (profile === undefined || profile === 'runtime/default') return [];
  if (profile === 'unconfined') return ['seccomp=unconfined'];
  try {
    return [`seccomp=${readFileSync(profile, 'utf8')}`];
  } catch (error) {
    throw new ContainerConfigError(`seccomp profile ${profile} cannot be read`, { cause: error });
  }
}

function storage(config: ContainerConfig): HostConfig {
  return {
    Mounts: config.mounts.map((mount) => ({
      Type: 'bind' as const,
      Source: mount.hostPath,
      Target: mount.containerPath,
      ReadOnly: mount.readOnly,
      // Unsaid, it is private, but for what holds the engine's own directory (the machine's root): that the engine takes as a slave only.
      ...(mount.propagation === 'private' ? {} : { BindOptions: { Propagation: mount.propagation } }),
    })),
    LogConfig: {
      Type: 'json-file',
      Config: { 'max-size': String(config.log.maxBytes), 'max-file': String(config.log.maxFiles) },
    },
  };
}
