export type {
  ConfigMap,
  Container,
  ContainerStatus,
  DownwardAPIVolumeFile,
  EnvVar,
  EphemeralContainer,
  KeyToPath,
  LifecycleHandler,
  Node,
  NodeCondition,
  NodeStatus,
  ObjectFieldSelector,
  Pod,
  PodCondition,
  PodSpec,
  PodStatus,
  Probe,
  ProjectedVolumeSource,
  ResourceFieldSelector,
  Secret,
  Service as ServiceObject,
  Volume,
  VolumeMount,
} from '@kubernest/api-types/core/v1';

const ref = (resource: string, group = '', version = 'v1') => ({ group, version, resource }) as const;
export const PODS = ref('pods');
export const NODES = ref('nodes');
export const SERVICES = ref('services');
export const CONFIG_MAPS = ref('configmaps');
export const SECRETS = ref('secrets');
export const SERVICE_ACCOUNTS = ref('serviceaccounts');
export const LEASES = ref('leases', 'coordination.k8s.io');
