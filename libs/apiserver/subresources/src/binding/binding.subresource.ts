import type { Binding } from '@kubernest/api-types/core/v1';
import { checkPreconditions, methodRefused, type Subresource, successStatus } from '@kubernest/apiserver/contract';
import { statusType } from '@kubernest/definitions';
import { findBodyType } from '@kubernest/kinds';
import {
  conflict,
  type FieldError,
  fieldErrorsText,
  fieldNotSupported,
  fieldRequired,
  type KubeObject,
  StatusError,
  wireTime,
} from '@kubernest/meta';
import { pods } from '../pod.ts';

interface Writable {
  metadata: {
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    name?: string;
    uid?: string;
    deletionTimestamp?: string;
  };
  spec: { nodeName?: string; schedulingGates?: readonly unknown[] };
  status?: { conditions?: { type: string; status: string }[] };
}

/** Says which node a pod runs on: once, and for good. */
export const binding: Subresource = {
  of: pods,
  name: 'binding',
  verbs: ['create'],
  body: findBodyType('', 'v1', 'Binding')!,
  answer: statusType,
  async handle(call, ctx) {
    if (call.info.verb !== 'create') throw methodRefused();
    const bound = await call.decode<Binding>(binding.body!);
    await call.admit(bound, () => checkTarget(bound), ctx);
    const { namespace, name } = call.info;
    const target = {
      ref: { ...pods, version: 'v1' },
      namespace,
      name: name!,
      subresource: 'binding',
      keepsGeneration: true,
    };
    await call.write.modify(
      target,
      { ...call.writeAs, isAdmitted: true },
      (draft) => bind(draft as unknown as Writable, bound, wireTime(ctx.clock.now())),
      ctx,
    );
    return call.encode(201, successStatus(undefined) as unknown as KubeObject);
  },
};

/** compat: 500, without a reason or details. */
function checkTarget({ target }: Binding): void {
  const faults: FieldError[] = [];
  if (target?.kind && target.kind !== 'Node')
    faults.push(fieldNotSupported('target.kind', target.kind, ['Node', '<empty>']));
  if (!target?.name) faults.push(fieldRequired('target.name'));
  if (faults.length > 0) throw new StatusError(500, '', fieldErrorsText(faults));
}

function bind(pod: Writable, bound: Binding, now: string): void {
  const name = pod.metadata.name;
  const subject = { group: '', resource: 'pods/binding', name };
  const refuse = (why: string) => conflict(subject, why);
  const { annotations, labels } = bound.metadata;
  checkPreconditions(subject, bound.metadata, pod.metadata);
  if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  pod.spec.nodeName = bound.target!.name;
  if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  pod.status ??= {};
  const others = (pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now };
  pod.status.conditions = [...others, scheduled];
}
