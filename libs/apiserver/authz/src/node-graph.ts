import type { ObjectReader } from '@kubernest/apiserver/contract';
import { type KubeObject, keyOf } from '@kubernest/meta';

interface NamedRef {
  readonly name?: string;
}
interface Container {
  readonly env?: readonly {
    readonly valueFrom?: { readonly secretKeyRef?: NamedRef; readonly configMapKeyRef?: NamedRef };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: NamedRef; readonly configMapRef?: NamedRef }[];
}
interface Volume {
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: NamedRef;
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly projected?: { readonly sources?: readonly { readonly secret?: NamedRef; readonly configMap?: NamedRef }[] };
  readonly csi?: { readonly nodePublishSecretRef?: NamedRef };
  readonly ephemeral?: object;
  readonly name?: string;
  readonly [kind: string]: unknown;
}
export interface PodLike extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly imagePullSecrets?: readonly NamedRef[];
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
    readonly volumes?: readonly Volume[];
  };
}

export type ReferredResource = 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts';

/** Which nodes may know of which objects, because a pod bound to them refers to it. */
export interface NodeGraph {
  reaches(nodeName: string, resource: ReferredResource, key: string): boolean;
}

/** Kept by change of pods: binding or removing one pod costs its own references. */
export function nodeGraph(read: ObjectReader): NodeGraph {
  const pods = { group: '', resource: 'pods' };
  const counts = new Map<string, Map<string, number>>();
  const known = new Map<string, { readonly node: string; readonly refs: readonly string[] }>();
  let filled = false;

  const forget = (key: string) => {
    const entry = known.get(key);
    if (!entry) return;
    known.delete(key);
    for (const ref of entry.refs) addTo(counts, ref, entry.node, -1);
  };
  const learn = (pod: PodLike) => {
    const node = pod.spec?.nodeName;
    const refs = node && !isMirror(pod) ? referencesOf(pod) : [];
    const key = keyOf(pod);
    const before = known.get(key);
    if (before?.node === node && before?.refs.join() === refs.join()) return;
    forget(key);
    if (!node) return;
    known.set(key, { node, refs });
    for (const ref of refs) addTo(counts, ref, node, 1);
  };
  const fill = () => {
    filled = true;
    read.subscribe(pods, ({ object, old }) => {
      if (object) learn(object as PodLike);
      else if (old) forget(keyOf(old));
    });
    for (const pod of read.list<PodLike>(pods)) learn(pod);
  };
  return {
    reaches(nodeName, resource, key) {
      if (!filled) fill();
      return counts.get(`${resource}:${key}`)?.has(nodeName) ?? false;
    },
  };
}

/** compat: a mirror pod reports what a node runs already; it may not open other objects to that node. */
const isMirror = (pod: PodLike): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

function addTo(counts: Map<string, Map<string, number>>, ref: string, node: string, by: 1 | -1): void {
  const nodes = counts.get(ref) ?? new Map<string, number>();
  const count = (nodes.get(node) ?? 0) + by;
  if (count > 0) nodes.set(node, count);
  else nodes.delete(node);
  if (nodes.size > 0) counts.set(ref, nodes);
  else counts.delete(ref);
}

/** `secrets:namespace/name` for each object that a pod makes its node read. */
export function referencesOf(pod: PodLike): readonly string[] {
  const namespace = pod.metadata.namespace ?? '';
  const refs = new Set<string>();
  const add = (resource: ReferredResource, name: string | undefined) => {
    if (name) refs.add(`${resource}:${namespace}/${name}`);
  };
  const spec = pod.spec ?? {};
  add('serviceaccounts', spec.serviceAccountName);
  for (const secret of spec.imagePullSecrets ?? []) add('secrets', secret.name);
  const containers = [spec.containers, spec.initContainers, spec.ephemeralContainers].flatMap((list) => list ?? []);
  for (const container of containers) {
    for (const { valueFrom } of container.env ?? []) {
      add('secrets', valueFrom?.secretKeyRef?.name);
      add('configmaps', valueFrom?.configMapKeyRef?.name);
    }
    for (const source of container.envFrom ?? []) {
      add('secrets', source.secretRef?.name);
      add('configmaps', source.configMapRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) addVolume(volume, pod.metadata.name ?? '', add);
  return [...refs].sort();
}

function addVolume(
  volume: Volume,
  podName: string,
  add: (resource: ReferredResource, name: string | undefined) => void,
): void {
  add('secrets', volume.secret?.secretName);
  add('configmaps', volume.configMap?.name);
  add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
  if (volume.ephemeral) add('persistentvolumeclaims', `${podName}-${volume.name ?? ''}`);
  for (const source of volume.projected?.sources ?? []) {
    add('secrets', source.secret?.name);
    add('configmaps', source.configMap?.name);
  }
  add('secrets', volume.csi?.nodePublishSecretRef?.name);
  // Older volume kinds (cephfs, cinder, rbd, iscsi, flexVolume, scaleIO, storageos, azureFile) name their secret in one of two ways.
  for (const kind of ['cephfs', 'cinder', 'rbd', 'iscsi', 'flexVolume', 'scaleIO', 'storageos'] as const) {
    add('secrets', (volume[kind] as { secretRef?: NamedRef } | undefined)?.secretRef?.name);
  }
  add('secrets', (volume['azureFile'] as { secretName?: string } | undefined)?.secretName);
}
