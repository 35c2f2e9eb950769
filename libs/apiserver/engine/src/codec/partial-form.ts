import type { KubeObject, ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Resource } from '../resources.ts';
import { mediaTypes } from './accept.ts';
import type { EventType, WatchForm } from './form.ts';
import { jsonLine, jsonListHead } from './json-form.ts';

/** `PartialObjectMetadata`: an object's metadata alone, as garbage collectors and metadata informers ask for it. */
export class PartialForm implements WatchForm {
  readonly key: string;
  readonly contentType: string;
  readonly watchContentType: string;
  readonly #apiVersion: string;

  constructor(
    private readonly resource: Resource,
    version: string,
  ) {
    this.#apiVersion = `meta.k8s.io/${version}`;
    this.key = `partial ${version} ${resource.apiVersion}`;
    this.contentType = mediaTypes.json;
    this.watchContentType = mediaTypes.json;
  }

  #object(entry: CacheEntry): KubeObject {
    return {
      kind: 'PartialObjectMetadata',
      apiVersion: this.#apiVersion,
      metadata: this.resource.object(entry).metadata,
    };
  }

  one(entry: CacheEntry): Buffer {
    return entry.representation(this.key, () => Buffer.from(JSON.stringify(this.#object(entry))));
  }
  async list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer> {
    // compat: unlike the items of a kind's own list, these say what they are.
    const items = entries.map((entry) => JSON.stringify(this.#object(entry)));
    return Buffer.from(`${jsonListHead('PartialObjectMetadataList', this.#apiVersion, meta)}${items.join(',')}]}`);
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return jsonLine(type, this.#object(entry));
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
    const metadata = { resourceVersion, ...annotations };
    return jsonLine('BOOKMARK', { kind: 'PartialObjectMetadata', apiVersion: this.#apiVersion, metadata });
  }
  failure(status: Status): Buffer {
    return jsonLine('ERROR', status);
  }
}
