import type { Expected, ProtobufCodec } from '@kubernest/apiserver/contract';
import { apiVersionOf, type KubeObject, type ListMeta, type Status, type Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { isLarge } from '../pace.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ServedVersion, WatchForm } from './form.ts';
import { type Parts, type Reads, withTurns } from './parts.ts';

/** So much of a list that was made to be measured is not made again. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** Which part of an object is encoded, and as what. */
export interface Message {
  readonly key: string;
  readonly type: Expected;
  readonly reads: Reads;
  of(entry: CacheEntry): KubeObject;
  /** The same of a large object. */
  inSteps(entry: CacheEntry): Steps<KubeObject>;
}

export const wholeObject = ({ apiVersion, definition }: ServedVersion): Message => ({
  key: `protobuf ${apiVersion}`,
  type: definition,
  reads: 'object',
  of: (entry) => entry.object,
  inSteps: (entry) => entry.read(),
});

/** Kubernetes' protobuf: encoded once per object and kept, like the JSON. */
export class ProtobufForm implements WatchForm {
  readonly contentType = mediaTypes.protobuf;
  readonly watchContentType = `${mediaTypes.protobuf};stream=watch`;
  readonly key: string;
  readonly reads: Reads;

  constructor(
    private readonly message: Message,
    private readonly codec: ProtobufCodec,
  ) {
    this.key = message.key;
    this.reads = message.reads;
  }

  one(entry: CacheEntry): Uint8Array | Parts {
    return isLarge(entry.bytes.length) ? this.#oneInSteps(entry) : this.#one(entry);
  }

  *#oneInSteps(entry: CacheEntry): Generator<Uint8Array | undefined> {
    yield yield* withTurns(this.making(entry));
  }

  /** What `event` takes of a large object, made before. */
  *making(entry: CacheEntry): Steps<Buffer> {
    const known = entry.represented(this.key);
    if (known) return known;
    const made = yield* this.codec.encodeInSteps(yield* this.message.inSteps(entry), this.message.type);
    return entry.representation(this.key, () => made);
  }

  #one(entry: CacheEntry): Buffer {
    return entry.representation(this.key, () => this.codec.encode(this.message.of(entry), this.message.type));
  }

  /** Its head says how long it all is: so each item is made to be measured, and again to be sent unless it was kept. */
  *list(entries: readonly CacheEntry[], meta: ListMeta): Generator<Uint8Array | undefined> {
    const kept: (Buffer | undefined)[] = [];
    const lengths: number[] = [];
    let left = KEPT_BYTES;
    for (const entry of entries) {
      const item = yield* this.#item(entry);
      lengths.push(item.length);
      const isKept = item.length <= left;
      if (isKept) left -= item.length;
      kept.push(isKept ? item : undefined);
      yield undefined;
    }
    const { head, before, tail } = this.codec.listFrame(lengths, meta, this.message.type);
    yield head;
    for (const [i, entry] of entries.entries()) {
      yield before(lengths[i]!);
      yield kept[i] ?? (yield* this.#item(entry));
      kept[i] = undefined;
    }
    yield tail;
  }

  *#item(entry: CacheEntry): Generator<undefined, Buffer> {
    const { message, codec } = this;
    if (!isLarge(entry.bytes.length)) return codec.encodeItem(message.of(entry), message.type);
    const object = yield* withTurns(message.inSteps(entry));
    return yield* withTurns(codec.encodeItemInSteps(object, message.type));
  }

  event(type: EventType, entry: CacheEntry): Buffer {
    return this.codec.encodeWatchEvent(type, this.#one(entry));
  }

  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const { type } = this.message;
    const named = { kind: type.kind, apiVersion: apiVersionOf(type) };
    const object = bookmarkObject(named, resourceVersion, initialEventsEnd);
    return this.codec.encodeWatchEvent('BOOKMARK', this.codec.encode(object, type));
  }

  failure(status: Status): Buffer {
    return this.codec.encodeWatchEvent('ERROR', this.codec.encodeStatus(status));
  }
}
