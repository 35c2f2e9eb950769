import type { KubeObject } from '@kubernest/meta';
import type * as core from 'kubernetes-types/core/v1';

type Kind<T> = Omit<T, 'metadata' | 'apiVersion' | 'kind'> & KubeObject;

export type Pod = Kind<core.Pod>;
export type Node = Kind<core.Node>;
export type ConfigMap = Kind<core.ConfigMap>;
export type Secret = Kind<core.Secret>;
export type ServiceObject = Kind<core.Service>;
export type PodSpec = core.PodSpec;
export type PodStatus = core.PodStatus;
export type PodCondition = core.PodCondition;
export type Container = core.Container;
export type EphemeralContainer = core.EphemeralContainer;
/** With what the types, of an older release, do not have. */
export type ContainerStatus = core.ContainerStatus & {
  user?: { linux?: { uid: number; gid: number; supplementalGroups?: number[] } };
};
export type Probe = core.Probe;
export type Volume = core.Volume;
export type VolumeMount = core.VolumeMount;
export type LifecycleHandler = core.LifecycleHandler;
export type EnvVar = core.EnvVar;
export type KeyToPath = core.KeyToPath;
export type DownwardAPIVolumeFile = core.DownwardAPIVolumeFile;
export type ProjectedVolumeSource = core.ProjectedVolumeSource;
export type ObjectFieldSelector = core.ObjectFieldSelector;
export type ResourceFieldSelector = core.ResourceFieldSelector;
export type NodeStatus = core.NodeStatus;
export type NodeCondition = core.NodeCondition;

const ref = (resource: string, group = '', version = 'v1') => ({ group, version, resource }) as const;
export const PODS = ref('pods');
export const NODES = ref('nodes');
export const SERVICES = ref('services');
export const CONFIG_MAPS = ref('configmaps');
export const SECRETS = ref('secrets');
export const SERVICE_ACCOUNTS = ref('serviceaccounts');
export const LEASES = ref('leases', 'coordination.k8s.io');
