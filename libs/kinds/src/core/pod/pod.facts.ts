import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const podFacts = facts(
  'io.k8s.api.core.v1',
  `
Affinity nodeAffinity=1 podAffinity=2 podAntiAffinity=3
ContainerExtendedResourceRequest containerName=1+ requestName=3+ resourceName=2+
ContainerState running=2 terminated=3 waiting=1
ContainerStateRunning startedAt=1+
ContainerStateTerminated containerID=7 exitCode=1+:int32 finishedAt=6+ message=4 reason=3 signal=2:int32 startedAt=5+
ContainerStateWaiting message=2 reason=1
ContainerStatus allocatedResources=10'ResourceList:quantity allocatedResourcesStatus=14@map(name)~merge(name)
  containerID=8 image=6+ imageID=7+ lastState=3+ name=1+ ready=4+ resources=11 restartCount=5+:int32 started=9^
  state=2+
  stopSignal=15'Signal^{SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ}
  user=13 volumeMounts=12@map(mountPath)~merge(mountPath)
ContainerUser linux=1
HostAlias hostnames=2 ip=1+
HostIP ip=1+
ImageVolumeStatus imageRef=1
LinuxContainerUser gid=2+:int64 supplementalGroups=3:int64 uid=1+:int64
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution=2 requiredDuringSchedulingIgnoredDuringExecution=1
NodeAllocatableResourceClaimStatus containers=2@set resourceClaimName=1+ resources=3+:quantity
NodeSelector@atomic nodeSelectorTerms=1+
NodeSelectorRequirement key=1+ operator=2'NodeSelectorOperator+{DoesNotExist|Exists|Gt|In|Lt|NotIn} values=3
NodeSelectorTerm@atomic matchExpressions=1 matchFields=2
Pod metadata=1+ spec=2+ status=3+
PodAffinity preferredDuringSchedulingIgnoredDuringExecution=2 requiredDuringSchedulingIgnoredDuringExecution=1
PodAffinityTerm labelSelector=1 matchLabelKeys=5 mismatchLabelKeys=6 namespaceSelector=4 namespaces=2 topologyKey=3+
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution=2 requiredDuringSchedulingIgnoredDuringExecution=1
PodCondition lastProbeTime=3+ lastTransitionTime=4+ message=6 observedGeneration=7:int64 reason=5
  status=2'ConditionStatus+ type=1'PodConditionType+
PodDNSConfig nameservers=1 options=3 searches=2
PodDNSConfigOption name=1 value=2^
PodExtendedResourceClaimStatus requestMappings=1+ resourceClaimName=2+
PodIP ip=1+
PodOS name=1'OSName+
PodReadinessGate conditionType=1'PodConditionType+
PodResourceClaim name=1+ resourceClaimName=3^ resourceClaimTemplateName=4^
PodResourceClaimStatus name=1+ resourceClaimName=2^
PodSchedulingGate name=1+
PodSchedulingGroup podGroupName=1^
PodSecurityContext appArmorProfile=11 fsGroup=5^:int64
  fsGroupChangePolicy=9'PodFSGroupChangePolicy^{Always|OnRootMismatch} runAsGroup=6^:int64 runAsNonRoot=3^
  runAsUser=2^:int64 seLinuxChangePolicy=13'PodSELinuxChangePolicy^ seLinuxOptions=1 seccompProfile=10
  supplementalGroups=4:int64 supplementalGroupsPolicy=12'SupplementalGroupsPolicy^{Merge|Strict} sysctls=7
  windowsOptions=8
PodSpec activeDeadlineSeconds=5^:int64 affinity=18 automountServiceAccountToken=21^
  containers=2+@map(name)~merge(name) dnsConfig=26
  dnsPolicy=6'DNSPolicy{ClusterFirst|ClusterFirstWithHostNet|Default|None} enableServiceLinks=30^
  ephemeralContainers=34@map(name)~merge(name) hostAliases=23@map(ip)~merge(ip) hostIPC=13 hostNetwork=11 hostPID=12
  hostUsers=37^ hostname=16 hostnameOverride=41^ imagePullSecrets=15@map(name)~merge(name)
  initContainers=20@map(name)~merge(name) nodeName=10 nodeSelector=7@atomic os=36 overhead=32'ResourceList:quantity
  preemptionPolicy=31'PreemptionPolicy^{Never|PreemptLowerPriority} priority=25^:int32 priorityClassName=24
  readinessGates=28 resourceClaims=39@map(name)~merge,retainKeys(name) resources=40
  restartPolicy=3'RestartPolicy{Always|Never|OnFailure} runtimeClassName=29^ schedulerName=19
  schedulingGates=38@map(name)~merge(name) schedulingGroup=43 securityContext=14 serviceAccount=9
  serviceAccountName=8 setHostnameAsFQDN=35^ shareProcessNamespace=27^ subdomain=17
  terminationGracePeriodSeconds=4^:int64 tolerations=22
  topologySpreadConstraints=33@map(topologyKey,whenUnsatisfiable)~merge(topologyKey)
  volumes=1@map(name)~merge,retainKeys(name)
PodStatus allocatedResources=19'ResourceList:quantity conditions=2@map(type)~merge(type) containerStatuses=8
  ephemeralContainerStatuses=13 extendedResourceClaimStatus=18 hostIP=5 hostIPs=16~merge(ip) initContainerStatuses=10
  message=3 nodeAllocatableResourceClaimStatuses=21 nominatedNodeName=11 observedGeneration=17:int64
  phase=1'PodPhase{Failed|Pending|Running|Succeeded|Unknown} podIP=6 podIPs=12@map(ip)~merge(ip)
  qosClass=9'PodQOSClass{BestEffort|Burstable|Guaranteed} reason=4 resize=14'PodResizeStatus
  resourceClaimStatuses=15@map(name)~merge,retainKeys(name) resources=20 startTime=7
PreferredSchedulingTerm preference=2+ weight=1+:int32
ResourceHealth health=2'ResourceHealthStatus message=6^ resourceID=1'ResourceID+
ResourceStatus name=1'ResourceName+ resources=2@map(resourceID)
Sysctl name=1+ value=2+
Toleration effect=4'TaintEffect{NoExecute|NoSchedule|PreferNoSchedule} key=1
  operator=2'TolerationOperator{Equal|Exists|Gt|Lt} tolerationSeconds=5^:int64 value=3
TopologySpreadConstraint labelSelector=4 matchLabelKeys=8 maxSkew=1+:int32 minDomains=5^:int32
  nodeAffinityPolicy=6'NodeInclusionPolicy^{Honor|Ignore} nodeTaintsPolicy=7'NodeInclusionPolicy^{Honor|Ignore}
  topologyKey=2+ whenUnsatisfiable=3'UnsatisfiableConstraintAction+{DoNotSchedule|ScheduleAnyway}
VolumeMountStatus mountPath=2+ name=1+ readOnly=3 recursiveReadOnly=4'RecursiveReadOnlyMode^ volumeStatus=5
VolumeStatus image=1
WeightedPodAffinityTerm podAffinityTerm=2+ weight=1+:int32
`,
);
