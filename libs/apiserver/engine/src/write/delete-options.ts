import { badRequest, fieldInvalid, invalid, type Json } from '@kubernest/meta';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

/** From a body's fields when there was a body, else from the query, as Kubernetes reads them. */
export function deleteOptions(body: Json | undefined, query: URLSearchParams): DeleteOptions {
  const options = body === undefined ? fromQuery(query) : (body as DeleteOptions);
  const { propagationPolicy, orphanDependents } = options;
  const fault = (field: string, value: unknown, why: string) =>
    invalid({ group: '', kind: 'DeleteOptions', name: '' }, [fieldInvalid(field, value, why)]);
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    throw fault('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set');
  }
  if (propagationPolicy !== undefined && !['Orphan', 'Background', 'Foreground'].includes(propagationPolicy)) {
    throw fault('propagationPolicy', propagationPolicy, 'must be one of "Foreground", "Background", "Orphan"');
  }
  return options;
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null && !/^-?\d{1,15}$/.test(grace))
    throw badRequest(`gracePeriodSeconds must be an integer, got ${JSON.stringify(grace)}`);
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy as 'Orphan' }),
    ...(orphan === null ? {} : { orphanDependents: orphan !== 'false' && orphan !== '0' }),
  };
}
