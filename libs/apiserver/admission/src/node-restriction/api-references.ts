import type { Pod } from '@kubernest/api-types/core/v1';
import { referencesOf } from '@kubernest/apiserver/authz';

type Source = Readonly<Record<string, unknown>>;

/** What a volume reads of the machine, of the pod itself or of storage elsewhere. */
const withoutObjects: ReadonlySet<string> = new Set([
  ...[
    'awsElasticBlockStore',
    'azureDisk',
    'cephfs',
    'cinder',
    'downwardAPI',
    'emptyDir',
    'fc',
    'flexVolume',
    'flocker',
  ],
  ...['gcePersistentDisk', 'gitRepo', 'hostPath', 'image', 'iscsi', 'nfs', 'photonPersistentDisk', 'portworxVolume'],
  ...['quobyte', 'rbd', 'scaleIO', 'storageos', 'vsphereVolume'],
]);

const ofVolume: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via configmap volumes)',
  secret: 'secrets (via secret volumes)',
  csi: 'csidrivers (via CSI volumes)',
  glusterfs: 'endpoints (via glusterFS volumes)',
  persistentVolumeClaim: 'persistentvolumeclaims',
  ephemeral: 'persistentvolumeclaims (via ephemeral volumes)',
  azureFile: 'secrets (via azureFile volumes)',
};

const ofProjection: Readonly<Record<string, string | undefined>> = {
  configMap: 'configmaps (via projected volumes)',
  secret: 'secrets (via projected volumes)',
  serviceAccountToken: 'serviceaccounts (via projected volumes)',
  clusterTrustBundle: 'clustertrustbundles',
  podCertificate: 'podcertificates',
  downwardAPI: undefined,
};

/** Which objects of the API a pod makes its node read, in Kubernetes' words; undefined when none. What is not known is taken for some. */
export function referredKind(pod: Pod): string | undefined {
  const references = referencesOf(pod);
  for (const kind of ['serviceaccounts', 'secrets', 'configmaps'])
    if (references.some((each) => each.startsWith(`${kind}:`))) return kind;
  if (pod.spec?.resourceClaims?.length) return 'resourceclaims';
  for (const volume of pod.spec?.volumes ?? []) {
    const kind = referredByVolume({ ...volume });
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function referredByVolume(volume: Source): string | undefined {
  const sources = Object.keys(volume).filter((field) => field !== 'name' && volume[field] !== undefined);
  for (const source of sources.length > 0 ? sources : ['']) {
    if (withoutObjects.has(source)) continue;
    if (source !== 'projected') return Object.hasOwn(ofVolume, source) ? ofVolume[source] : unknownKind;
    const kind = referredByProjection(volume[source] as Projected);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

interface Projected {
  readonly sources?: readonly Readonly<Record<string, unknown>>[];
}

function referredByProjection({ sources = [] }: Projected): string | undefined {
  const named = sources.flatMap((source) => Object.keys(source).filter((field) => source[field] !== undefined));
  for (const field of named) {
    const kind = Object.hasOwn(ofProjection, field) ? ofProjection[field] : unknownKind;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

const unknownKind = 'objects through an unknown kind of volume';
