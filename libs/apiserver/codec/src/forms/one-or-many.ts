import type { Expected } from '@kubernest/apiserver/contract';
import { listKindOf } from '@kubernest/definitions';
import { StatusError } from '@kubernest/meta';
import type { Accept } from './accept.ts';

/** Throws 406. compat: who asks for the metadata of one object gets no list of such, nor the reverse, whatever else they would take. */
export function checkOneOrMany({ as }: Accept, type: Expected, isList: boolean): void {
  if (as === 'PartialObjectMetadata' && isList) throw refused(as, 'a list', goTypeOf(type, listKindOf(type)));
  if (as === 'PartialObjectMetadataList' && !isList) throw refused(as, 'not a list', goTypeOf(type, type.kind));
}

const refused = (as: string, what: string, goType: string): StatusError =>
  new StatusError(406, 'NotAcceptable', `you requested ${as}, but the requested object is ${what} (*${goType})`);

/** As Go calls it. */
function goTypeOf({ group, customSchema, kind }: Expected, name: string): string {
  if (customSchema) return name === kind ? 'unstructured.Unstructured' : 'unstructured.UnstructuredList';
  return `${group.split('.')[0] || 'core'}.${name}`;
}
