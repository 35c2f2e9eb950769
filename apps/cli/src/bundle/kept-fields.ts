/** The fields whose texts a stranger may read. What is not among them may hold anything, a password too: it is left out. */
export const keptFields: ReadonlySet<string> = new Set(
  [
    // What it is, and what it belongs to.
    'apiVersion kind name namespace generateName uid resourceVersion selfLink finalizers apiGroup group version resource',
    'subresource singular plural listKind shortNames categories names kinds scope reference provisioner parent',
    // Words of the cluster itself.
    'action component host manager operation phase reason message note status state type health conditionType condition',
    'reportingComponent reportingController reportingInstance resize strategy policy policyTypes completionMode podFailurePolicy',
    'concurrencyPolicy podManagementPolicy podReplacementPolicy unhealthyPodEvictionPolicy schedule timeZone suspend',
    'whenDeleted whenScaled whenUnsatisfiable action onPodConditions onExitCodes operator effect key values topologyKey scopeName',
    'currentRevision updateRevision completedIndexes failedIndexes succeeded failed storedVersions',
    // Times.
    'creationTimestamp deletionTimestamp finishedAt firstTimestamp lastHeartbeatTime lastProbeTime lastTimestamp time timeAdded',
    'lastTransitionTime lastUpdateTime startTime startedAt acquireTime eventTime lastObservedTime renewTime completionTime',
    'lastScheduleTime lastSuccessfulTime',
    // A pod and its containers.
    'containerID containerName targetContainerName image imageID imagePullPolicy pullPolicy restartPolicy dnsPolicy qosClass',
    'nodeName nominatedNodeName preemptionPolicy priorityClassName runtimeClassName schedulerName serviceAccount serviceAccountName',
    'terminationMessagePath terminationMessagePolicy workingDir stopSignal add drop level role procMount hostname subdomain',
    'fsGroupChangePolicy supplementalGroupsPolicy localhostProfile seLinuxChangePolicy protocol scheme path port service',
    'matchLabelKeys mismatchLabelKeys nodeAffinityPolicy nodeTaintsPolicy nameservers searches maxSurge maxUnavailable minAvailable',
    // Volumes.
    'accessModes claimName secretName configMapName fieldPath divisor medium sizeLimit mountPath mountPropagation readOnly',
    'recursiveReadOnly subPath subPathExpr devicePath volumeMode volumeName volumesInUse storageClassName volumeAttributesClassName',
    'volumeBindingMode reclaimPolicy persistentVolumeReclaimPolicy fsType driver audience',
    // A node, and the network.
    'address addresses addressType architecture bootID containerRuntimeVersion kernelVersion kubeletVersion kubeProxyVersion',
    'machineID operatingSystem osImage systemUUID providerID podCIDR podCIDRs hostIP hostIPs ip podIP podIPs clusterIP clusterIPs',
    'externalIPs externalName loadBalancerIP loadBalancerClass loadBalancerSourceRanges ipMode ipFamilies ipFamilyPolicy cidr except',
    'internalTrafficPolicy externalTrafficPolicy trafficDistribution sessionAffinity targetPort appProtocol endPort zone',
    'ingressClassName pathType holderIdentity preferredHolder',
  ].flatMap((line) => line.split(' ')),
);

/** Maps whose texts stay, whatever their keys are. */
export const keptMaps: ReadonlySet<string> = new Set(
  [
    'labels matchLabels selector nodeSelector deprecatedTopology',
    'allocatable capacity requests limits overhead allocatedResources hard used default defaultRequest max min maxLimitRequestRatio',
  ].flatMap((line) => line.split(' ')),
);
