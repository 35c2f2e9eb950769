import { apiVersionOf, type Json, type ListMeta, type Steps, type StructSchema } from '@kubernest/meta';
import { metaSchema } from '../schema/meta-schema.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { encodeMessageInSteps } from './encode-in-steps.ts';
import { malformed, Reader } from './reader.ts';

const magic = Buffer.from('k8s\0');

interface TypeName {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Envelope extends TypeName {
  readonly raw: Uint8Array;
  /** '' or the protobuf media type; JSON may travel in an envelope, too. */
  readonly contentType: string;
}

const text = { type: 'string' } as const;
const bytesOf = (number: number) => ({ schema: { type: 'string', format: 'byte' } as const, protobuf: number });
const typeMetaSchema: StructSchema = {
  type: 'struct',
  fields: { apiVersion: { schema: text, protobuf: 1 }, kind: { schema: text, protobuf: 2 } },
};
const listSchema = (item: StructSchema): StructSchema => ({
  type: 'struct',
  fields: {
    metadata: { schema: metaSchema('ListMeta'), protobuf: 1, alwaysPresent: true },
    items: { schema: { type: 'list', items: item, listType: 'atomic' }, protobuf: 2 },
  },
});
const partialSchema = (): StructSchema => ({
  type: 'struct',
  fields: { metadata: { schema: metaSchema('ObjectMeta'), protobuf: 1, alwaysPresent: true } },
});

const lists = new WeakMap<StructSchema, StructSchema>();
let partial: StructSchema | undefined;

/** The schema of a kind's list: the same object each time. */
export function protobufListSchema(item: StructSchema): StructSchema {
  let schema = lists.get(item);
  if (!schema) {
    schema = listSchema(item);
    lists.set(item, schema);
  }
  return schema;
}

/** `PartialObjectMetadata`, which is of meta.k8s.io and has nothing but metadata. */
export function partialObjectSchema(): StructSchema {
  partial ??= partialSchema();
  return partial;
}

/** Tag and length of a length-delimited field. */
function fieldHead(number: number, length: number): Buffer {
  const bytes = [number * 8 + 2];
  let rest = length;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function field(number: number, content: Uint8Array): readonly Uint8Array[] {
  return [fieldHead(number, content.length), content];
}

/** Go writes the encoding and the content type even when they are empty. */
const emptyTail = Buffer.from([0x1a, 0x00, 0x22, 0x00]);

/** Names the kind of a bare message: what goes over the wire. */
export function wrapMessage(type: TypeName, raw: Uint8Array): Buffer {
  const typeMeta = encodeMessage(typeMetaSchema, { apiVersion: type.apiVersion, kind: type.kind });
  return Buffer.concat([magic, ...field(1, typeMeta), ...field(2, raw), emptyTail]);
}

/** Opens an envelope; 400 when the bytes are none. */
export function unwrapMessage(bytes: Uint8Array): Envelope {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!all.subarray(0, magic.length).equals(magic)) throw malformed('it does not begin with the mark of Kubernetes');
  const reader = new Reader(all, magic.length);
  let type: Partial<TypeName> = {};
  let raw: Uint8Array = Buffer.alloc(0);
  let encoding = '';
  let contentType = '';
  while (!reader.done) {
    const tag = reader.uint32();
    if (tag === 10) type = decodeMessage(typeMetaSchema, reader.nested()) as Partial<TypeName>;
    else if (tag === 18) raw = reader.bytes();
    else if (tag === 26) encoding = reader.text();
    else if (tag === 34) contentType = reader.text();
    else reader.skip(tag & 7);
  }
  if (encoding) throw malformed(`content encoding ${encoding} is not supported`);
  return { apiVersion: type.apiVersion ?? '', kind: type.kind ?? '', raw, contentType };
}

/** An object of any kind that has a protobuf form, in its envelope. */
export function encodeProtobuf(type: TypeName, schema: StructSchema, object: unknown): Buffer {
  return wrapMessage(type, encodeMessage(schema, object));
}

/** The same in short steps. */
export function* encodeProtobufInSteps(type: TypeName, schema: StructSchema, object: unknown): Steps<Buffer> {
  return wrapMessage(type, yield* encodeMessageInSteps(schema, object));
}

/**
 * Reads a body. `schemaOf` says what a kind looks like; undefined means that it is not known here, and is a 400.
 * The result is plain JSON with `apiVersion` and `kind`, to be decoded by schema as if it had come as JSON.
 */
export function decodeProtobuf(
  bytes: Uint8Array,
  schemaOf: (type: TypeName) => StructSchema | undefined,
): { [key: string]: Json } {
  const { apiVersion, kind, raw } = unwrapMessage(bytes);
  const schema = schemaOf({ apiVersion, kind });
  if (!schema) throw malformed(`no kind "${kind}" is known in version "${apiVersion}"`);
  return { kind, apiVersion, ...decodeMessage(schema, Reader.of(raw)) };
}

/** What stands around a list's objects, encoded as bare messages of these lengths: its beginning, what goes before each, its end. */
export function listFrameOf(
  item: { readonly group: string; readonly version: string; readonly kind: string },
  meta: ListMeta,
  lengths: readonly number[],
): { readonly head: Uint8Array; readonly before: (length: number) => Uint8Array; readonly tail: Uint8Array } {
  const typeMeta = encodeMessage(typeMetaSchema, { apiVersion: apiVersionOf(item), kind: `${item.kind}List` });
  const numbers = isReversed(item) ? { metadata: 2, items: 1 } : { metadata: 1, items: 2 };
  const listMeta = Buffer.concat(field(numbers.metadata, encodeMessage(metaSchema('ListMeta'), meta)));
  const before = (length: number): Buffer => fieldHead(numbers.items, length);
  const all = lengths.reduce((sum, length) => sum + before(length).length + length, listMeta.length);
  const head = [magic, ...field(1, typeMeta), fieldHead(2, all)];
  if (isReversed(item)) return { head: Buffer.concat(head), before, tail: Buffer.concat([listMeta, emptyTail]) };
  return { head: Buffer.concat([...head, listMeta]), before, tail: emptyTail };
}

/** compat: in this one list the items come first. */
const isReversed = ({ group, version }: { readonly group: string; readonly version: string }): boolean =>
  group === 'meta.k8s.io' && version === 'v1beta1';

/** One frame of a watch: four bytes of length, then the event with the object's whole envelope in it. */
export function watchFrame(type: string, object: Uint8Array): Buffer {
  const extension = Buffer.concat(field(1, object));
  const event = [...field(1, Buffer.from(type)), ...field(2, extension)];
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([length, ...event]);
}

const watchEventSchema: StructSchema = {
  type: 'struct',
  fields: {
    type: { schema: text, protobuf: 1 },
    object: { schema: { type: 'struct', fields: { raw: bytesOf(1) } }, protobuf: 2 },
  },
};

/** The event in a frame, its length left off: for clients. */
export function readWatchFrame(frame: Uint8Array): { readonly type: string; readonly object: Buffer } {
  const event = decodeMessage(watchEventSchema, Reader.of(frame)) as { type?: string; object?: { raw?: string } };
  return { type: event.type ?? '', object: Buffer.from(event.object?.raw ?? '', 'base64') };
}
