import type { Expected, ProtobufCodec } from '@kubernest/apiserver/contract';
import {
  decodeProtobuf,
  encodeMessage,
  encodeMessageInSteps,
  encodeProtobuf,
  encodeProtobufInSteps,
  hasProtobuf,
  listFrameOf,
  watchFrame,
} from '@kubernest/definitions';
import { findBodyType } from '@kubernest/kinds';
import { apiVersionOf, type KubeObject, parseApiVersion, type Status, type StructSchema } from '@kubernest/meta';

const nameOf = (type: Expected) => ({ apiVersion: apiVersionOf(type), kind: type.kind });

/** Protobuf by the field numbers that the kinds' schemas carry. */
export const kindsProtobuf: ProtobufCodec = {
  supports: ({ schema, declared }) => !declared && schema.type === 'struct' && hasProtobuf(schema),
  decode(bytes, expected) {
    const object = decodeProtobuf(bytes, ({ apiVersion, kind }) => schemaOf(expected, apiVersion, kind));
    return object as unknown as KubeObject;
  },
  encode: (object, type) => encodeProtobuf(nameOf(type), type.schema as StructSchema, object),
  encodeInSteps: (object, type) => encodeProtobufInSteps(nameOf(type), type.schema as StructSchema, object),
  encodeItem: (object, type) => encodeMessage(type.schema as StructSchema, object),
  encodeItemInSteps: (object, type) => encodeMessageInSteps(type.schema as StructSchema, object),
  listFrame: (lengths, meta, type) => listFrameOf(type, meta, lengths),
  encodeStatus: (status: Status) =>
    encodeProtobuf(
      { apiVersion: 'v1', kind: 'Status' },
      findBodyType('', 'v1', 'Status')!.schema as StructSchema,
      status,
    ),
  encodeWatchEvent: watchFrame,
};

/** An envelope that names nothing is taken to be what was expected; another name is refused later, in the words used for JSON. */
function schemaOf(expected: Expected, apiVersion: string, kind: string): StructSchema | undefined {
  if (kind === '' || kind === expected.kind) return expected.schema as StructSchema;
  const { group, version } = parseApiVersion(apiVersion);
  return findBodyType(group, version, kind)?.schema as StructSchema | undefined;
}
