import type { ApiRequest } from '@kubernest/apiserver/contract';
import { listKindOf } from '@kubernest/definitions';
import type { KubeObject, ListMeta } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { parseAccept } from './accept.ts';
import type { ServedVersion } from './form.ts';
import type { Reads } from './parts.ts';

/** How one resource goes to callers within this process: as frozen objects. */
export interface ObjectForm {
  readonly reads: Reads;
  readonly type: { readonly kind: string; readonly apiVersion: string; readonly listKind?: string };
  one(entry: CacheEntry): KubeObject;
}

/** The cache's own objects; or, for those who ask for no more than metadata, objects that hold nothing else, so that nothing else stays decoded. */
export function objectFormOf({ headers }: ApiRequest, resource: ServedVersion): ObjectForm {
  const [first] = parseAccept(headers['accept']);
  if (first?.as?.startsWith('Partial')) return metadataObjects;
  const { apiVersion, definition } = resource;
  return {
    reads: 'object',
    type: { kind: definition.kind, apiVersion, listKind: listKindOf(definition) },
    one: ({ object }) => object,
  };
}

const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' } as const;
const metadataObjects: ObjectForm = {
  reads: 'metadata',
  type: partial,
  one: ({ metadata }) => Object.freeze({ ...partial, metadata }),
};

export const objectList = ({ type }: ObjectForm, items: readonly KubeObject[], metadata: ListMeta): object => ({
  kind: listKindOf(type),
  apiVersion: type.apiVersion,
  metadata,
  items,
});
