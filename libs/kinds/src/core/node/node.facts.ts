import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const nodeFacts = facts(
  'io.k8s.api.core.v1',
  `
AttachedVolume devicePath=2+ name=1'UniqueVolumeName+
ConfigMapNodeConfigSource kubeletConfigKey=5+ name=2+ namespace=1+ resourceVersion=4 uid=3'types.UID
ContainerImage names=1+ sizeBytes=2:int64
DaemonEndpoint Port=1+:int32
Node metadata=1+ spec=2+ status=3+
NodeAddress address=2+ type=1'NodeAddressType+
NodeCondition lastHeartbeatTime=3+ lastTransitionTime=4+ message=6 reason=5 status=2'ConditionStatus+
  type=1'NodeConditionType+
NodeConfigSource configMap=2
NodeConfigStatus active=2 assigned=1 error=4 lastKnownGood=3
NodeDaemonEndpoints kubeletEndpoint=1+
NodeFeatures supplementalGroupsPolicy=1^
NodeRuntimeHandler features=2 name=1+
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts=1^ userNamespaces=2^
NodeSpec configSource=6 externalID=2 podCIDR=1 podCIDRs=7@set~merge providerID=3 taints=5 unschedulable=4
NodeStatus addresses=5@map(type)~merge(type) allocatable=2'ResourceList:quantity capacity=1'ResourceList:quantity
  conditions=4@map(type)~merge(type) config=11 daemonEndpoints=6+ declaredFeatures=14 features=13 images=8
  nodeInfo=7+ phase=3'NodePhase{Pending|Running|Terminated} runtimeHandlers=12 volumesAttached=10
  volumesInUse=9'UniqueVolumeName
NodeSwapStatus capacity=1^:int64
NodeSystemInfo architecture=10+ bootID=3+ containerRuntimeVersion=6+ kernelVersion=4+ kubeProxyVersion=8+
  kubeletVersion=7+ machineID=1+ operatingSystem=9+ osImage=5+ swap=11 systemUUID=2+
Taint effect=3'TaintEffect+{NoExecute|NoSchedule|PreferNoSchedule} key=1+ timeAdded=4 value=2
`,
);
