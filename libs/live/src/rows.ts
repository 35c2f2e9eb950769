import { type CoreEvent, type Deployment, type Node, type Pod, summarizePod } from '@kubernest/kinds';
import { keyOf, quantityValue } from '@kubernest/meta';
import type { DeploymentRow, EventRow, NodeRow, PodRow } from './view.ts';

const ROLE = 'node-role.kubernetes.io/';

export function nodeRow(node: Node): NodeRow {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  return {
    key: keyOf(node),
    name: keyOf(node),
    ready,
    status: `${ready ? 'Ready' : 'NotReady'}${node.spec?.unschedulable ? ', cordoned' : ''}`,
    roles: Object.keys(node.metadata.labels ?? {})
      .filter((label) => label.startsWith(ROLE))
      .map((label) => label.slice(ROLE.length)),
    version: node.status?.nodeInfo?.kubeletVersion ?? '',
    address: node.status?.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '',
    cpu: node.status?.capacity?.['cpu'] ?? '',
    memory: quantityValue(node.status?.capacity?.['memory'] ?? '0'),
    createdAt: node.metadata.creationTimestamp ?? '',
  };
}

export function podRow(pod: Pod): PodRow {
  const { status, ready, total, restarts } = summarizePod(pod);
  return {
    key: keyOf(pod),
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name ?? '',
    status,
    well: status === 'Completed' || status === 'Succeeded' || (status === 'Running' && ready === total),
    ready,
    total,
    restarts,
    node: pod.spec?.nodeName ?? '',
    ip: pod.status?.podIP ?? '',
    createdAt: pod.metadata.creationTimestamp ?? '',
  };
}

export function deploymentRow(deployment: Deployment): DeploymentRow {
  const { status, spec } = deployment;
  return {
    key: keyOf(deployment),
    namespace: deployment.metadata.namespace ?? '',
    name: deployment.metadata.name ?? '',
    wanted: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    moving: isMoving(deployment),
    images: (spec?.template?.spec?.containers ?? []).map((container) => container.image ?? ''),
    createdAt: deployment.metadata.creationTimestamp ?? '',
  };
}

function isMoving({ metadata, spec, status = {} }: Deployment): boolean {
  if (spec?.paused) return false;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const wanted = spec?.replicas ?? 1;
  const isComplete = [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted);
  return !isComplete || observedGeneration < (metadata.generation ?? 0);
}

export function eventRow(event: CoreEvent): EventRow {
  const { kind = '', namespace, name = '' } = event.involvedObject ?? {};
  return {
    key: keyOf(event),
    namespace: event.metadata.namespace ?? '',
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    about: `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
    message: event.message ?? '',
    count: event.series?.count ?? event.count ?? 1,
    lastAt:
      event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.metadata.creationTimestamp ??
      '',
  };
}
