import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';
import { metaSchema } from '../schema/meta-schema.ts';

const text: Schema = { type: 'string' };
const listOf = (items: Schema): Schema => ({ type: 'list', items, listType: 'atomic' });
const struct = (fields: Readonly<Record<string, FieldSchema>>): StructSchema => ({ type: 'struct', fields });
/** compat: Go writes a text, and what is no pointer, even when it is empty. */
const always = (schema: Schema, protobuf: number): FieldSchema => ({ schema, protobuf, alwaysPresent: true });
const some = (items: Schema, protobuf: number): FieldSchema => ({ schema: listOf(items), protobuf });

const kind = struct({ group: always(text, 1), version: always(text, 2), kind: always(text, 3) });
const kindAt = (protobuf: number): FieldSchema => ({ schema: kind, protobuf, keepsZero: true });

const subresource = struct({ subresource: always(text, 1), responseKind: kindAt(2), verbs: some(text, 4) });
const resource = struct({
  resource: always(text, 1),
  responseKind: kindAt(2),
  scope: always(text, 3),
  singularResource: always(text, 4),
  verbs: some(text, 5),
  shortNames: some(text, 6),
  categories: some(text, 7),
  subresources: some(subresource, 8),
});
const version = struct({ version: always(text, 1), resources: some(resource, 2), freshness: always(text, 3) });

/** `APIGroupDiscoveryList` of apidiscovery.k8s.io/v2, for its protobuf form. */
export const aggregatedDiscoverySchema = (): StructSchema =>
  struct({
    metadata: always(metaSchema('ListMeta'), 1),
    items: some(struct({ metadata: always(metaSchema('ObjectMeta'), 1), versions: some(version, 2) }), 2),
  });
