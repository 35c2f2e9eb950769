import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const appsFacts = facts(
  'io.k8s.api.apps.v1',
  `
Deployment metadata=1+ spec=2+ status=3+
DeploymentCondition lastTransitionTime=7+ lastUpdateTime=6+ message=5 reason=4 status=2'ConditionStatus+
  type=1'DeploymentConditionType+
DeploymentSpec minReadySeconds=5:int32 paused=7 progressDeadlineSeconds=9^:int32 replicas=1^:int32
  revisionHistoryLimit=6^:int32 selector=2+ strategy=4+~retainKeys template=3+
DeploymentStatus availableReplicas=4:int32 collisionCount=8^:int32 conditions=6@map(type)~merge(type)
  observedGeneration=1:int64 readyReplicas=7:int32 replicas=2:int32 terminatingReplicas=9^:int32
  unavailableReplicas=5:int32 updatedReplicas=3:int32
DeploymentStrategy rollingUpdate=2 type=1'DeploymentStrategyType{Recreate|RollingUpdate}
ReplicaSet metadata=1+ spec=2+ status=3+
ReplicaSetCondition lastTransitionTime=3+ message=5 reason=4 status=2'ConditionStatus+
  type=1'ReplicaSetConditionType+
ReplicaSetSpec minReadySeconds=4:int32 replicas=1^:int32 selector=2+ template=3+
ReplicaSetStatus availableReplicas=5:int32 conditions=6@map(type)~merge(type) fullyLabeledReplicas=2:int32
  observedGeneration=3:int64 readyReplicas=4:int32 replicas=1+:int32 terminatingReplicas=7^:int32
RollingUpdateDeployment maxSurge=2 maxUnavailable=1
`,
);
