import type { BodyType, ResourceDefinition } from '@kubernest/definitions';
import type { KubeObject, ListMeta, Status, Steps } from '@kubernest/meta';

/** Anything with a name and a shape: a kind, or a subresource's own body. */
export type Expected = Pick<ResourceDefinition | BodyType, 'group' | 'version' | 'kind' | 'schema'> & {
  /** Other API versions that a body of the same form may name. */
  readonly alsoAs?: readonly string[];
  /** Defaults besides those of the schema. Idempotent. */
  readonly defaults?: ResourceDefinition['defaults'];
  readonly customSchema?: ResourceDefinition['customSchema'];
};

/** Kubernetes' protobuf for the types that have field numbers; the engine knows only that there is one. */
export interface ProtobufCodec {
  supports(type: Expected): boolean;
  /** With the envelope (`k8s\\0`). Throws 400 when the bytes are not what was expected. */
  decode(bytes: Uint8Array, expected: Expected): KubeObject;
  /** With the envelope. */
  encode(object: KubeObject, type: Expected): Buffer;
  /** The same of what is large, in short steps, between which others may use the codec. */
  encodeInSteps(object: KubeObject, type: Expected): Steps<Buffer>;
  /** The object's message alone, for lists. */
  encodeItem(object: KubeObject, type: Expected): Buffer;
  encodeItemInSteps(object: KubeObject, type: Expected): Steps<Buffer>;
  /** What stands around the items of a list (`encodeItem`), of these lengths: its beginning, what goes before an item, its end. */
  listFrame(
    lengths: readonly number[],
    meta: ListMeta,
    type: Expected,
  ): { readonly head: Uint8Array; readonly before: (length: number) => Uint8Array; readonly tail: Uint8Array };
  encodeStatus(status: Status): Buffer;
  /** One frame of a watch: length and event. `object` carries its envelope. */
  encodeWatchEvent(type: string, object: Uint8Array): Buffer;
}
