import type { SandboxConfig } from '@kubernest/runtime/contract';
import type { ContainerCreateOptions } from 'dockerode';
import { engineName, type Owner, sandboxLabels } from './labels.ts';

/** What this machine's engine can do; found out by trying. */
export interface EngineFeatures {
  /** `NetworkDisabled` spares the engine its network set-up: less than half the time of a start. */
  readonly networkDisabled: boolean;
  /** Lowest `oom_score_adj` a container may have here. */
  readonly oomFloor: number;
}

/** A pause process is worth nothing to the kernel's killer, as in Kubernetes. */
const sandboxOomScore = -998;

export function sandboxSpec(
  config: SandboxConfig,
  image: string,
  owner: Owner,
  features: EngineFeatures,
): ContainerCreateOptions {
  const hostNetwork = config.network === 'host';
  return {
    name: engineName('POD', config.pod, config.attempt),
    Image: image,
    Labels: { ...sandboxLabels(config, owner) },
    ...(hostNetwork ? {} : { Hostname: config.hostname, NetworkDisabled: features.networkDisabled }),
    HostConfig: {
      NetworkMode: hostNetwork ? 'host' : 'none',
      ...(hostNetwork ? { UTSMode: 'host' } : {}),
      IpcMode: config.hostIpc ? 'host' : 'shareable',
      ...(config.hostPid ? { PidMode: 'host' } : {}),
      ...(config.cgroupParent ? { CgroupParent: config.cgroupParent } : {}),
      ...(config.sysctls ? { Sysctls: { ...config.sysctls } } : {}),
      OomScoreAdj: Math.max(config.oomScoreAdj ?? sandboxOomScore, features.oomFloor),
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
      CpuShares: 2,
    },
  };
}
