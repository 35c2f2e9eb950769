import type { StructSchema } from '@kubernest/meta';
import type { BodyType } from '../definition.ts';
import { CompiledTypes } from './compiled-types.ts';
import { metaFacts } from './meta.facts.ts';

/** What every kind's types refer to. */
export const metaTypes = new CompiledTypes([metaFacts]);

/** A type of `meta/v1`: ObjectMeta, ListMeta, Status, DeleteOptions, … */
export function metaSchema(type: string): StructSchema {
  return metaTypes.schema(`io.k8s.apimachinery.pkg.apis.meta.v1.${type}`);
}

/** What answers where there is no object: an error, and most deletions. */
export const statusType: BodyType = { group: '', version: 'v1', kind: 'Status', schema: metaSchema('Status') };
