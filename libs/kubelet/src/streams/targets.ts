import type { ContainerState } from '@kubernest/runtime/contract';
import type { NodeParts } from '../pods/node-parts.ts';
import { uidOf } from '../pods/pod.ts';
import { instancesOf } from '../pods/pod-runtime.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import type { Pod } from '../types.ts';
import { RouteError } from './route-error.ts';

interface Where {
  readonly parts: NodeParts;
  readonly workers: PodWorkers;
}

export function findPod({ workers }: Pick<Where, 'workers'>, namespace: string, name: string): Pod {
  const pod = workers.find(namespace, name);
  if (!pod) throw new RouteError(404, `pod "${name}" not found in namespace "${namespace}" on this node`);
  return pod;
}

/** The container that a command is for; it must run. */
export function runningContainer(
  where: Where,
  namespace: string,
  podName: string,
  name: string,
): { readonly pod: Pod; readonly state: ContainerState } {
  const pod = findPod(where, namespace, podName);
  const state = instancesOf(where.parts.view.pod(uidOf(pod)), name).find((c) => c.state === 'running');
  if (!state) throw new RouteError(404, `container not found ("${name}")`);
  return { pod, state };
}
