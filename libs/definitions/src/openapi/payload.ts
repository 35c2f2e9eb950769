import type { DocumentPart } from './document-parts.ts';
import type { OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import type { Payload } from './operation.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const patch = `${meta}.Patch`;

/** The schema of what is sent or answered, added to the document's schemas with all that it needs. */
export function payloadSchema(schemas: OpenApiSchemas, payload: Payload | 'patch'): OpenApiSchema {
  if (payload === 'text') return { type: 'string' };
  if (payload === 'patch') {
    schemas.definitions[patch] ??= {
      description: 'A change of an object, in one of the forms of a patch.',
      type: 'object',
    };
    return schemas.reference(patch);
  }
  if ('kind' in payload) return schemas.addKind(payload.kind);
  if ('list' in payload) return schemas.addList(payload.list);
  return 'meta' in payload ? schemas.addMeta(payload.meta) : schemas.schema(payload.struct);
}

const once = ['Status', 'APIVersions', 'APIGroupList', 'APIGroup', 'APIResourceList'];
const everywhere = ['DeleteOptions', 'WatchEvent'];

/** What is of no one resource is named as a kind of v1, and what comes in every version that is served as one of each. */
export function nameMetaKinds(schemas: OpenApiSchemas, parts: readonly DocumentPart[]): void {
  const v1 = { group: '', version: 'v1' };
  const name = (kind: string, gv: { readonly group: string; readonly version: string }) => {
    if (schemas.definitions[`${meta}.${kind}`]) schemas.addGroupVersionKind(`${meta}.${kind}`, { ...gv, kind });
  };
  for (const kind of [...once, ...everywhere]) name(kind, v1);
  for (const { definitions } of parts) {
    const { group, version } = definitions[0] ?? v1;
    for (const kind of everywhere) name(kind, { group, version });
  }
}
