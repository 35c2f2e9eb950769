import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const volumeFacts = facts(
  'io.k8s.api.core.v1',
  `
AWSElasticBlockStoreVolumeSource fsType=2 partition=3:int32 readOnly=4 volumeID=1+
AzureDiskVolumeSource cachingMode=3'AzureDataDiskCachingMode^{None|ReadOnly|ReadWrite}!"ReadWrite" diskName=1+
  diskURI=2+ fsType=4^!"ext4" readOnly=5^!false kind=6'AzureDataDiskKind^{Dedicated|Managed|Shared}!"Shared"
AzureFileVolumeSource readOnly=3 secretName=1+ shareName=2+
CSIVolumeSource driver=1+ fsType=3^ nodePublishSecretRef=5 readOnly=2^ volumeAttributes=4
CephFSVolumeSource monitors=1+ path=2 readOnly=6 secretFile=4 secretRef=5 user=3
CinderVolumeSource fsType=2 readOnly=3 secretRef=4 volumeID=1+
ClusterTrustBundleProjection labelSelector=3 name=1^ optional=5^ path=4+ signerName=2^
ConfigMapProjection>LocalObjectReference items=2 name=1/1 optional=4^
ConfigMapVolumeSource>LocalObjectReference defaultMode=3^:int32 items=2 name=1/1 optional=4^
DownwardAPIProjection items=1
DownwardAPIVolumeFile fieldRef=2 mode=4^:int32 path=1+ resourceFieldRef=3
DownwardAPIVolumeSource defaultMode=2^:int32 items=1
EmptyDirVolumeSource medium=1'StorageMedium sizeLimit=2:quantity
EphemeralVolumeSource volumeClaimTemplate=1
FCVolumeSource fsType=3 lun=2^:int32 readOnly=4 targetWWNs=1 wwids=5
FlexVolumeSource driver=1+ fsType=2 options=5 readOnly=4 secretRef=3
FlockerVolumeSource datasetName=1 datasetUUID=2
GCEPersistentDiskVolumeSource fsType=2 partition=3:int32 pdName=1+ readOnly=4
GitRepoVolumeSource directory=3 repository=1+ revision=2
GlusterfsVolumeSource endpoints=1+ path=2+ readOnly=3
HostPathVolumeSource path=1+
  type=2'HostPathType^{|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket}
ISCSIVolumeSource chapAuthDiscovery=8 chapAuthSession=11 fsType=5 initiatorName=12^ iqn=2+ iscsiInterface=4!"default"
  lun=3+:int32 portals=7 readOnly=6 secretRef=10 targetPortal=1+
ImageVolumeSource pullPolicy=2'PullPolicy{Always|IfNotPresent|Never} reference=1
KeyToPath key=1+ mode=3^:int32 path=2+
LocalObjectReference@atomic name=1
NFSVolumeSource path=2+ readOnly=3 server=1+
ObjectFieldSelector@atomic fieldPath=2+ apiVersion=1
PersistentVolumeClaimSpec
  accessModes=1'PersistentVolumeAccessMode{ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod} dataSource=7
  dataSourceRef=8 resources=2+ selector=4 storageClassName=5^ volumeAttributesClassName=9^
  volumeMode=6'PersistentVolumeMode^{Block|Filesystem} volumeName=3
PersistentVolumeClaimTemplate metadata=1+ spec=2+
PersistentVolumeClaimVolumeSource claimName=1+ readOnly=2
PhotonPersistentDiskVolumeSource fsType=2 pdID=1+
PodCertificateProjection certificateChainPath=6 credentialBundlePath=4 keyPath=5 keyType=2
  maxExpirationSeconds=3^:int32 signerName=1 userAnnotations=7
PortworxVolumeSource fsType=2 readOnly=3 volumeID=1+
ProjectedVolumeSource defaultMode=2^:int32 sources=1+
QuobyteVolumeSource group=5 readOnly=3 registry=1+ tenant=6 user=4 volume=2+
RBDVolumeSource fsType=3 image=2+ keyring=6!"/etc/ceph/keyring" monitors=1+ pool=4!"rbd" readOnly=8 secretRef=7
  user=5!"admin"
ResourceFieldSelector@atomic containerName=1 divisor=3:quantity resource=2+
ScaleIOVolumeSource fsType=9!"xfs" gateway=1+ protectionDomain=5 readOnly=10 secretRef=3+ sslEnabled=4
  storageMode=7!"ThinProvisioned" storagePool=6 system=2+ volumeName=8
SecretProjection>LocalObjectReference items=2 name=1/1 optional=4^
SecretVolumeSource defaultMode=3^:int32 items=2 optional=4^ secretName=1
ServiceAccountTokenProjection audience=1 expirationSeconds=2^:int64 path=3+
StorageOSVolumeSource fsType=3 readOnly=4 secretRef=5 volumeName=1 volumeNamespace=2
TypedLocalObjectReference@atomic apiGroup=1+^ name=3+ kind=2+
TypedObjectReference apiGroup=1+^ name=3+ namespace=4^ kind=2+
Volume>VolumeSource awsElasticBlockStore=2/4 azureDisk=2/22 azureFile=2/18 cephfs=2/14 cinder=2/13 configMap=2/19
  csi=2/28 downwardAPI=2/16 emptyDir=2/2 ephemeral=2/29 fc=2/17 flexVolume=2/12 flocker=2/15 gcePersistentDisk=2/3
  gitRepo=2/5 glusterfs=2/9 hostPath=2/1 image=2/30 iscsi=2/8 name=1+ nfs=2/7 persistentVolumeClaim=2/10
  photonPersistentDisk=2/23 portworxVolume=2/24 projected=2/26 quobyte=2/21 rbd=2/11 scaleIO=2/25 secret=2/6
  storageos=2/27 vsphereVolume=2/20
VolumeProjection clusterTrustBundle=5 configMap=3 downwardAPI=2 podCertificate=6 secret=1 serviceAccountToken=4
VolumeResourceRequirements limits=1'ResourceList:quantity requests=2'ResourceList:quantity
VsphereVirtualDiskVolumeSource fsType=2 storagePolicyID=4 storagePolicyName=3 volumePath=1+
`,
);
