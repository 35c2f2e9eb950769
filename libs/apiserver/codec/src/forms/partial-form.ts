import type { Expected } from '@kubernest/apiserver/contract';
import { partialObjectSchema } from '@kubernest/definitions';
import type { KubeObject, ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { metadataIn } from '../entries/stored-bytes.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ServedVersion, ValueForm } from './form.ts';
import { eventLine, jsonLine } from './json-form.ts';
import { jsonList } from './json-list.ts';
import type { Parts } from './parts.ts';
import type { Message } from './protobuf-form.ts';

const END = Buffer.from('}');

/** What stands before the metadata. */
export const partialHead = (apiVersion: string): Buffer =>
  Buffer.from(`{"kind":"PartialObjectMetadata","apiVersion":"${apiVersion}","metadata":`);

export const partialType = (version = 'v1'): Expected => ({
  group: 'meta.k8s.io',
  version,
  kind: 'PartialObjectMetadata',
  schema: partialObjectSchema(),
});

/** The same in protobuf, for which nothing but the metadata needs a schema: of custom kinds as well. */
export const metadataAlone = ({ apiVersion }: ServedVersion, version: string): Message => {
  const type = partialType(version);
  const of = ({ metadata }: CacheEntry): KubeObject => ({
    kind: type.kind,
    apiVersion: `${type.group}/${version}`,
    metadata,
  });
  return {
    key: `protobuf partial ${version} ${apiVersion}`,
    type,
    reads: 'metadata',
    of,
    *inSteps(entry) {
      yield* entry.readMetadata();
      return of(entry);
    },
  };
};

/** `PartialObjectMetadata`: an object's metadata alone, as garbage collectors and metadata informers ask for it. */
export class PartialForm implements ValueForm {
  readonly key: string;
  readonly contentType: string;
  readonly watchContentType: string;
  readonly reads = 'metadata';
  readonly #apiVersion: string;
  readonly #head: Buffer;

  constructor(resource: Pick<ServedVersion, 'apiVersion'>, version: string) {
    this.#apiVersion = `meta.k8s.io/${version}`;
    this.#head = partialHead(this.#apiVersion);
    this.key = `partial ${version} ${resource.apiVersion}`;
    this.contentType = mediaTypes.json;
    this.watchContentType = mediaTypes.json;
  }

  value(entry: CacheEntry): KubeObject {
    return {
      kind: 'PartialObjectMetadata',
      apiVersion: this.#apiVersion,
      metadata: entry.metadata,
    };
  }

  /** compat: unlike the items of a kind's own list, these say what they are. */
  item(entry: CacheEntry): KubeObject {
    return this.value(entry);
  }
  listHead(meta: ListMeta): { readonly head: object; readonly items: string } {
    return {
      head: { kind: 'PartialObjectMetadataList', apiVersion: this.#apiVersion, metadata: meta },
      items: 'items',
    };
  }
  one(entry: CacheEntry): Uint8Array {
    return entry.representation(this.key, () => this.itemBytes(entry));
  }
  itemBytes(entry: CacheEntry): Buffer {
    return Buffer.concat(this.#parts(entry));
  }
  /** Cut from the stored bytes, without a look at what they say. */
  #parts(entry: CacheEntry): readonly Buffer[] {
    return [this.#head, metadataIn(entry.bytes), END];
  }
  list(entries: readonly CacheEntry[], meta: ListMeta): Parts {
    return jsonList(this, entries, meta);
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return eventLine(type, this.#parts(entry));
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const type = { kind: 'PartialObjectMetadata', apiVersion: this.#apiVersion };
    return jsonLine('BOOKMARK', bookmarkObject(type, resourceVersion, initialEventsEnd));
  }
  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}
