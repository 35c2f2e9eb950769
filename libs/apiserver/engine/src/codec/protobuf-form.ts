import type { KubeObject, ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { ProtobufCodec } from '../contract/index.ts';
import type { Resource } from '../resources.ts';
import { mediaTypes } from './accept.ts';
import type { EventType, WatchForm } from './form.ts';

const ITEMS_BETWEEN_BREATHS = 500;

/** Kubernetes' protobuf: encoded once per object and kept, like the JSON. */
export class ProtobufForm implements WatchForm {
  readonly key: string;
  readonly contentType = mediaTypes.protobuf;
  readonly watchContentType = `${mediaTypes.protobuf};stream=watch`;

  constructor(
    private readonly resource: Resource,
    private readonly codec: ProtobufCodec,
  ) {
    this.key = `protobuf ${resource.apiVersion}`;
  }

  one(entry: CacheEntry): Buffer {
    return entry.representation(this.key, () =>
      this.codec.encode(this.resource.object(entry), this.resource.definition),
    );
  }

  async list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer> {
    const items: Buffer[] = [];
    for (const entry of entries) {
      items.push(this.codec.encodeItem(this.resource.object(entry), this.resource.definition));
      if (items.length % ITEMS_BETWEEN_BREATHS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return this.codec.encodeList(items, meta, this.resource.definition);
  }

  event(type: EventType, entry: CacheEntry): Buffer {
    return this.codec.encodeWatchEvent(type, this.one(entry));
  }

  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const { kind } = this.resource.definition;
    const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
    const object: KubeObject = {
      kind,
      apiVersion: this.resource.apiVersion,
      metadata: { resourceVersion, ...annotations },
    };
    return this.codec.encodeWatchEvent('BOOKMARK', this.codec.encode(object, this.resource.definition));
  }

  failure(status: Status): Buffer {
    return this.codec.encodeWatchEvent('ERROR', this.codec.encodeStatus(status));
  }
}
