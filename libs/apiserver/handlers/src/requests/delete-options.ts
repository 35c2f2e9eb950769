import type { DeleteOptions } from '@kubernest/apiserver/storage';
import {
  append,
  type FieldError,
  fieldInvalid,
  fieldNotSupported,
  type Json,
  queryFlag,
  queryInteger,
} from '@kubernest/meta';
import { dryRunFaults, invalidOptions } from './write-options.ts';

const policies = ['Foreground', 'Background', 'Orphan'];

/** From a body's fields when there was a body, else from the query, as Kubernetes reads them; every fault at once. */
export function deleteOptions(body: Json | undefined, query: URLSearchParams): DeleteOptions {
  const options = body === undefined ? fromQuery(query) : (body as DeleteOptions);
  const { propagationPolicy: policy, orphanDependents, dryRun = [] } = options;
  const field = 'propagationPolicy';
  const faults: FieldError[] = [];
  if (policy !== undefined && orphanDependents !== undefined)
    faults.push(fieldInvalid(field, policy, 'orphanDependents and deletionPropagation cannot be both set'));
  if (policy !== undefined && !policies.includes(policy))
    faults.push(fieldNotSupported(field, policy, [...policies, 'nil']));
  append(faults, dryRunFaults(dryRun));
  if (faults.length > 0) throw invalidOptions('DeleteOptions', faults);
  return options;
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = queryInteger(query, 'gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  const dryRun = query.getAll('dryRun');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === null ? {} : { propagationPolicy: policy as 'Orphan' }),
    ...(orphan === null ? {} : { orphanDependents: queryFlag(orphan) }),
    ...(dryRun.length === 0 ? {} : { dryRun }),
  };
}
