import type { KubeObject } from '@kubernest/meta';

/** The parts of a pod that admission reads and fills in. */
export interface PodDraft extends KubeObject {
  spec: PodSpecDraft;
}
export interface PodSpecDraft {
  nodeName?: string;
  priorityClassName?: string;
  priority?: number | undefined;
  preemptionPolicy?: string | undefined;
  runtimeClassName?: string;
  overhead?: Readonly<Record<string, string>>;
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  imagePullSecrets?: { name?: string }[];
  tolerations?: Toleration[];
  volumes?: { name: string; [source: string]: unknown }[];
  containers?: ContainerDraft[];
  initContainers?: ContainerDraft[];
}
export interface ContainerDraft {
  name?: string;
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
}
export interface Toleration {
  key?: string;
  operator?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export const isMirrorPod = (pod: KubeObject): boolean =>
  pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
