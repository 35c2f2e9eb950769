import type { ProtobufCodec } from '@kubernest/apiserver/contract';
import type { ListMeta, Status, Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { isLarge } from '../pace.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ServedVersion, WatchForm } from './form.ts';
import { type Parts, withTurns } from './parts.ts';

/** So much of a list that was made to be measured is not made again. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** Kubernetes' protobuf: encoded once per object and kept, like the JSON. */
export class ProtobufForm implements WatchForm {
  readonly key: string;
  readonly contentType = mediaTypes.protobuf;
  readonly watchContentType = `${mediaTypes.protobuf};stream=watch`;
  readonly reads = 'object';

  constructor(
    private readonly resource: ServedVersion,
    private readonly codec: ProtobufCodec,
  ) {
    this.key = `protobuf ${resource.apiVersion}`;
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
    const made = yield* this.codec.encodeInSteps(yield* entry.read(), this.resource.definition);
    return entry.representation(this.key, () => made);
  }

  #one(entry: CacheEntry): Buffer {
    return entry.representation(this.key, () => this.codec.encode(entry.object, this.resource.definition));
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
    const { head, before, tail } = this.codec.listFrame(lengths, meta, this.resource.definition);
    yield head;
    for (const [i, entry] of entries.entries()) {
      yield before(lengths[i]!);
      yield kept[i] ?? (yield* this.#item(entry));
      kept[i] = undefined;
    }
    yield tail;
  }

  *#item(entry: CacheEntry): Generator<undefined, Buffer> {
    const { definition } = this.resource;
    if (!isLarge(entry.bytes.length)) return this.codec.encodeItem(entry.object, definition);
    const object = yield* withTurns(entry.read());
    return yield* withTurns(this.codec.encodeItemInSteps(object, definition));
  }

  event(type: EventType, entry: CacheEntry): Buffer {
    return this.codec.encodeWatchEvent(type, this.#one(entry));
  }

  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const { apiVersion, definition } = this.resource;
    const object = bookmarkObject({ kind: definition.kind, apiVersion }, resourceVersion, initialEventsEnd);
    return this.codec.encodeWatchEvent('BOOKMARK', this.codec.encode(object, definition));
  }

  failure(status: Status): Buffer {
    return this.codec.encodeWatchEvent('ERROR', this.codec.encodeStatus(status));
  }
}
