/**
 * The fields whose texts a stranger may read, of every kind that Kubernetes has on, so that one which is served some day is decided on already.
 * What is not among them may hold anything, a password too: it is left out.
 */
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
    'field error evaluationError declaredFeatures succeededIndexes allocationMode keyType',
    // Rules, and what is asked of whom.
    'apiGroups apiVersions resources resourceNames verbs nonResourceURLs operations signerName usages namespaces scopes dryRun',
    'failurePolicy matchPolicy reinvocationPolicy sideEffects admissionReviewVersions conversionReviewVersions propagationPolicy',
    'policyName validationActions parameterNotFoundAction managedBy controller handler jsonPath selectPolicy averageValue container',
    'specReplicasPath statusReplicasPath labelSelectorPath',
    // Times.
    'creationTimestamp deletionTimestamp finishedAt firstTimestamp lastHeartbeatTime lastProbeTime lastTimestamp time timeAdded',
    'lastTransitionTime lastUpdateTime startTime startedAt acquireTime eventTime lastObservedTime renewTime completionTime',
    'lastScheduleTime lastSuccessfulTime lastScaleTime lastPhaseTransitionTime allocationTimestamp expirationTimestamp',
    'deprecatedFirstTimestamp deprecatedLastTimestamp',
    // A pod and its containers.
    'containerID containerName targetContainerName image imageID imagePullPolicy pullPolicy restartPolicy dnsPolicy qosClass',
    'nodeName nominatedNodeName preemptionPolicy priorityClassName runtimeClassName schedulerName serviceAccount serviceAccountName',
    'terminationMessagePath terminationMessagePolicy workingDir stopSignal add drop level role procMount hostname subdomain',
    'fsGroupChangePolicy supplementalGroupsPolicy localhostProfile seLinuxChangePolicy protocol scheme path port service',
    'matchLabelKeys mismatchLabelKeys nodeAffinityPolicy nodeTaintsPolicy nameservers searches maxSurge maxUnavailable minAvailable',
    'imageRef podGroupName serviceName hostnames hostnameOverride',
    // Devices.
    'deviceClassName device extendedResourceName resourceClaimName resourceClaimTemplateName resourceName requestName',
    // Volumes.
    'accessModes claimName secretName configMapName fieldPath divisor medium sizeLimit mountPath mountPropagation readOnly',
    'recursiveReadOnly subPath subPathExpr devicePath volumeMode volumeName volumesInUse storageClassName volumeAttributesClassName',
    'volumeBindingMode reclaimPolicy persistentVolumeReclaimPolicy fsType driver audience driverName attacher nodeID topologyKeys',
    'persistentVolumeName currentVolumeAttributesClassName targetVolumeAttributesClassName secretNamespace endpointsNamespace',
    'fsGroupPolicy volumeLifecycleModes maximumVolumeSize capacity',
    // A node, and the network.
    'address addresses addressType architecture bootID containerRuntimeVersion kernelVersion kubeletVersion kubeProxyVersion',
    'machineID operatingSystem osImage systemUUID providerID podCIDR podCIDRs hostIP hostIPs ip podIP podIPs clusterIP clusterIPs',
    'externalIPs externalName loadBalancerIP loadBalancerClass loadBalancerSourceRanges ipMode ipFamilies ipFamilyPolicy cidr except',
    'internalTrafficPolicy externalTrafficPolicy trafficDistribution sessionAffinity targetPort appProtocol endPort zone',
    'ingressClassName pathType holderIdentity preferredHolder hosts cidrs',
  ].flatMap((line) => line.split(' ')),
);

/** Maps whose texts stay, whatever their keys are. */
export const keptMaps: ReadonlySet<string> = new Set(
  [
    'labels matchLabels selector nodeSelector deprecatedTopology',
    'allocatable capacity requests limits overhead allocatedResources hard used default defaultRequest max min maxLimitRequestRatio',
    'podFixed allocatedResourceStatuses consumedCapacity',
  ].flatMap((line) => line.split(' ')),
);
