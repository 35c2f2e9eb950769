import { facts } from './facts.ts';

/** Wire facts, one line a type; the form is described at `facts`. */
export const metaFacts = facts(
  'io.k8s.apimachinery.pkg.apis.meta.v1',
  `
APIGroup name=1+ preferredVersion=3+ serverAddressByClientCIDRs=4 versions=2+
APIGroupList groups=1+
APIResource categories=7 group=8 name=1+ namespaced=2+ shortNames=5 singularName=6+ storageVersionHash=10 verbs=4+
  version=9 kind=3+
APIResourceList groupVersion=1+ resources=2+
APIVersions serverAddressByClientCIDRs=2+ versions=1+
Condition lastTransitionTime=4+ message=6+ observedGeneration=3:int64 reason=5+ status=2'ConditionStatus+ type=1+
DeleteOptions dryRun=5 gracePeriodSeconds=1^:int64 ignoreStoreReadErrorWithClusterBreakingPotential=6^
  orphanDependents=3^ preconditions=2 propagationPolicy=4'DeletionPropagation^
FieldSelectorRequirement key=1+ operator=2'FieldSelectorOperator+ values=3
GroupVersionForDiscovery groupVersion=1+ version=2+
LabelSelector@atomic matchExpressions=2 matchLabels=1
LabelSelectorRequirement key=1+ operator=2'LabelSelectorOperator+ values=3
ListMeta continue=3 remainingItemCount=4^:int64 resourceVersion=2 selfLink=1 shardInfo=5
ManagedFieldsEntry fieldsType=6 fieldsV1=7:fieldsv1 manager=1 operation=2'ManagedFieldsOperationType subresource=8
  time=4 apiVersion=3
ObjectMeta annotations=12 creationTimestamp=8 deletionGracePeriodSeconds=10^:int64 deletionTimestamp=9
  finalizers=14@set~merge generateName=2 generation=7:int64 labels=11 managedFields=17 name=1 namespace=3
  ownerReferences=13@map(uid)~merge(uid) resourceVersion=6 selfLink=4 uid=5'types.UID
OwnerReference@atomic blockOwnerDeletion=7^ controller=6^ name=3+ uid=4'types.UID+ kind=1+ apiVersion=5+
Preconditions resourceVersion=2^ uid=1'types.UID^
ServerAddressByClientCIDR clientCIDR=1+ serverAddress=2+
ShardInfo selector=1+
Status code=6:int32 details=5 message=3 metadata=1+ reason=4'StatusReason status=2
StatusCause field=3 message=2 reason=1'CauseType
StatusDetails causes=4 group=2 name=1 retryAfterSeconds=5:int32 uid=6'types.UID kind=3
WatchEvent object=2+:rawextension type=1+
`,
);
