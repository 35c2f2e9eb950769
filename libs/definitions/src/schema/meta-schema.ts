import type { StructSchema } from '@kubernest/meta';
import { CompiledTypes } from './compiled-types.ts';
import { metaFacts } from './meta.facts.ts';

/** What every kind's types refer to. */
export const metaTypes = new CompiledTypes([metaFacts]);

/** A type of `meta/v1`: ObjectMeta, ListMeta, Status, DeleteOptions, … */
export function metaSchema(type: string): StructSchema {
  return metaTypes.schema(`io.k8s.apimachinery.pkg.apis.meta.v1.${type}`);
}
