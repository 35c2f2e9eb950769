import type { PodIdentity } from './pod-identity.ts';

export interface SandboxConfig {
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly hostname: string;
  /** `host` shares the machine's network; `pod` gets an own one with only `lo`. */
  readonly network: 'pod' | 'host';
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Parent cgroup of the pod, in the driver's own form; undefined: the engine's default. */
  readonly cgroupParent?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  /** `-999`…`1000`; lowered to what the machine allows. */
  readonly oomScoreAdj?: number;
}

export interface SandboxState {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly attempt: number;
  readonly running: boolean;
  readonly createdAt: Date;
  /** `/proc/<pid>/ns/net` of a running pod network; undefined when stopped. The host's network has none either. */
  readonly netns: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
