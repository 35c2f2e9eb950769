import type { Pod, PodSpec, Volume } from '@kubernest/api-types/core/v1';
import type { ObjectReader } from '@kubernest/apiserver/contract';
import { keyOf } from '@kubernest/meta';

interface NamedRef {
  readonly name?: string;
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
  const learn = (pod: Pod) => {
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
      if (object) learn(object as Pod);
      else if (old) forget(keyOf(old));
    });
    for (const pod of read.list<Pod>(pods)) learn(pod);
  };
  return {
    reaches(nodeName, resource, key) {
      if (!filled) fill();
      return counts.get(`${resource}:${key}`)?.has(nodeName) ?? false;
    },
  };
}

/** compat: a mirror pod reports what a node runs already; it may not open other objects to that node. */
const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

function addTo(counts: Map<string, Map<string, number>>, ref: string, node: string, by: 1 | -1): void {
  const nodes = counts.get(ref) ?? new Map<string, number>();
  const count = (nodes.get(node) ?? 0) + by;
  if (count > 0) nodes.set(node, count);
  else nodes.delete(node);
  if (nodes.size > 0) counts.set(ref, nodes);
  else counts.delete(ref);
}

/** `secrets:namespace/name` for each object that a pod makes its node read. */
export function referencesOf(pod: Pod): readonly string[] {
  const namespace = pod.metadata.namespace ?? '';
  const refs = new Set<string>();
  const add = (resource: ReferredResource, name: string | undefined) => {
    if (name) refs.add(`${resource}:${namespace}/${name}`);
  };
  const spec: Partial<PodSpec> = pod.spec ?? {};
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
