import type { Expected, ProtobufCodec } from '@kubernest/apiserver/contract';
import {
  decodeProtobuf,
  encodeMessage,
  encodeMessageInSteps,
  encodeProtobuf,
  encodeProtobufInSteps,
  hasProtobuf,
  listFrameOf,
  statusType,
  watchFrame,
} from '@kubernest/definitions';
import { apiVersionOf, type KubeObject, type Status, type StructSchema } from '@kubernest/meta';

const nameOf = (type: Expected) => ({ apiVersion: apiVersionOf(type), kind: type.kind });

/** Protobuf by the field numbers that the kinds' schemas carry. */
export const kindsProtobuf: ProtobufCodec = {
  supports: ({ schema, customSchema }) => !customSchema && schema.type === 'struct' && hasProtobuf(schema),
  decode(bytes, expected) {
    const object = decodeProtobuf(bytes, ({ kind }) => schemaOf(expected, kind));
    return object as unknown as KubeObject;
  },
  encode: (object, type) => encodeProtobuf(nameOf(type), type.schema as StructSchema, object),
  encodeInSteps: (object, type) => encodeProtobufInSteps(nameOf(type), type.schema as StructSchema, object),
  encodeItem: (object, type) => encodeMessage(type.schema as StructSchema, object),
  encodeItemInSteps: (object, type) => encodeMessageInSteps(type.schema as StructSchema, object),
  listFrame: (lengths, meta, type) => listFrameOf(type, meta, lengths),
  encodeStatus: (status: Status) => encodeProtobuf(nameOf(statusType), statusType.schema as StructSchema, status),
  encodeWatchEvent: watchFrame,
};

const another: StructSchema = { type: 'struct', fields: {} };

/** An envelope that names nothing is taken to be what was expected; of another kind the name is enough, which is refused later, in the words used for JSON. */
const schemaOf = (expected: Expected, kind: string): StructSchema =>
  kind === '' || kind === expected.kind ? (expected.schema as StructSchema) : another;
