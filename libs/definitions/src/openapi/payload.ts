import type { DocumentPart } from './document-parts.ts';
import type { Payload } from './operation.ts';
import type { OpenApiSchema, SchemaBook } from './schema-book.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const patch = `${meta}.Patch`;

/** The schema of what is sent or answered, added to the book with all that it needs. */
export function payloadSchema(book: SchemaBook, payload: Payload | 'patch'): OpenApiSchema {
  if (payload === 'text') return { type: 'string' };
  if (payload === 'patch') {
    book.definitions[patch] ??= {
      description: 'A change of an object, in one of the forms of a patch.',
      type: 'object',
    };
    return book.reference(patch);
  }
  if ('kind' in payload) return book.addKind(payload.kind);
  if ('list' in payload) return book.addList(payload.list);
  return 'meta' in payload ? book.addMeta(payload.meta) : book.schema(payload.struct);
}

const once = ['Status', 'APIVersions', 'APIGroupList', 'APIGroup', 'APIResourceList'];
const everywhere = ['DeleteOptions', 'WatchEvent'];

/** What is of no one resource is named as a kind of v1, and what comes in every version that is served as one of each. */
export function nameMetaKinds(book: SchemaBook, parts: readonly DocumentPart[]): void {
  const v1 = { group: '', version: 'v1' };
  const name = (kind: string, gv: { readonly group: string; readonly version: string }) => {
    if (book.definitions[`${meta}.${kind}`]) book.addGroupVersionKind(`${meta}.${kind}`, { ...gv, kind });
  };
  for (const kind of [...once, ...everywhere]) name(kind, v1);
  for (const { definitions } of parts) {
    const { group, version } = definitions[0] ?? v1;
    for (const kind of everywhere) name(kind, { group, version });
  }
}
