import type { AdmissionCall } from '@kubernest/apiserver/contract';
import type { WriteCall } from './write-call.ts';

const optionKinds = { create: 'CreateOptions', update: 'UpdateOptions', delete: 'DeleteOptions' } as const;
const nothing = (): void => {};

/** A write's admission attributes. compat: a patch's options are those of what it does, which is to create or to update. */
export function admissionCallOf(
  call: WriteCall,
  operation: keyof typeof optionKinds,
  { object, old, kind = call.resource.definition }: Pick<AdmissionCall, 'object' | 'old'> & Partial<AdmissionCall>,
): AdmissionCall {
  const { user, info, dryRun, resource, warn = nothing, annotate = nothing } = call;
  const { definition } = resource;
  const options = { ...call.options, kind: optionKinds[operation], apiVersion: 'meta.k8s.io/v1' };
  return { operation, user, info, definition, kind, object, old, options, dryRun, warn, annotate };
}
