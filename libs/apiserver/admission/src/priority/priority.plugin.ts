import { type AdmissionCall, type AdmissionPlugin, subjectOf } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import type { PodDraft } from '../pods.ts';
import { findPriority } from './priority-classes.ts';

const computed = (value: number | string): string =>
  `must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;

/** How important a pod is says its class, never the pod itself. */
export const priority: AdmissionPlugin = {
  name: 'priority',
  sees: { resources: ['pods'], on: ['create', 'update'] },
  mutate: (call) => (call.operation === 'create' ? give(call) : keep(call)),
};

function give(call: AdmissionCall): boolean {
  const pod = call.object as PodDraft;
  pod.spec ??= {};
  const { spec } = pod;
  const refuse = (why: string) => forbidden(subjectOf(call), why);
  const found = findPriority(spec.priorityClassName);
  if (!found) throw refuse(`no PriorityClass with name ${spec.priorityClassName} was found`);
  const { value, preemptionPolicy } = found;
  if (spec.priority !== undefined && spec.priority !== value)
    throw refuse(`the integer value of priority (${spec.priority}) ${computed(value)}`);
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy)
    throw refuse(`the string value of PreemptionPolicy (${spec.preemptionPolicy}) ${computed(preemptionPolicy)}`);
  Object.assign(spec, { priority: value, preemptionPolicy });
  return true;
}

/** Who replaces a pod by what they wrote themselves does not know what it was given. */
function keep({ object, old }: AdmissionCall): boolean {
  const pod = object as PodDraft;
  pod.spec ??= {};
  const { spec } = pod;
  const before = (old as PodDraft).spec;
  spec.priority ??= before.priority;
  spec.preemptionPolicy ??= before.preemptionPolicy;
  return true;
}
