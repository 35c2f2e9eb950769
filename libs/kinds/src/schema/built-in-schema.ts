import { CompiledTypes, metaTypes } from '@kubernest/definitions';
import type { StructSchema } from '@kubernest/meta';
import { factTables } from './tables.ts';

/** Groups that Kubernetes declares elsewhere than the others. */
const elsewhere: Readonly<Record<string, string>> = {
  'apiextensions/v1': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  'apiregistration/v1': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
};

/** All types of the built-in kinds. */
export const builtInTypes = new CompiledTypes(factTables, metaTypes);

/** `io.k8s.api.core.v1.Pod` for `core/v1` and `Pod`. */
export function apiSchema(groupVersion: string, type: string): StructSchema {
  return builtInTypes.schema(`${elsewhere[groupVersion] ?? `io.k8s.api.${groupVersion.replace('/', '.')}`}.${type}`);
}
