import type { KubeObject, ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Resource } from '../catalog/resource.ts';
import { mediaTypes } from './accept.ts';
import { bookmarkObject } from './bookmark.ts';
import type { EventType, ValueForm } from './form.ts';
import { jsonLine } from './json-form.ts';
import { jsonList } from './json-list.ts';
import { oneAtATime, type Parts } from './parts.ts';

/** `PartialObjectMetadata`: an object's metadata alone, as garbage collectors and metadata informers ask for it. */
export class PartialForm implements ValueForm {
  readonly key: string;
  readonly contentType: string;
  readonly watchContentType: string;
  readonly reads = 'metadata';
  readonly #apiVersion: string;

  constructor(resource: Resource, version: string) {
    this.#apiVersion = `meta.k8s.io/${version}`;
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
  one(entry: CacheEntry): Uint8Array | Parts {
    const made = (): Buffer => Buffer.from(JSON.stringify(this.value(entry)));
    return oneAtATime(entry, () => entry.representation(this.key, made), this.reads);
  }
  list(entries: readonly CacheEntry[], meta: ListMeta): Parts {
    return jsonList(this, entries, meta);
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return jsonLine(type, this.value(entry));
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const type = { kind: 'PartialObjectMetadata', apiVersion: this.#apiVersion };
    return jsonLine('BOOKMARK', bookmarkObject(type, resourceVersion, initialEventsEnd));
  }
  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}
