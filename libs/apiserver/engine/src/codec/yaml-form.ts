import type { ListMeta, Status } from '@kubernest/meta';
import { stringify } from 'yaml';
import type { CacheEntry } from '../cache/cache-entry.ts';
import { mediaTypes } from './accept.ts';
import type { EventType, Form } from './form.ts';

/** YAML made from what another form says in JSON: for people, not for speed. */
export class YamlForm implements Form {
  readonly key: string;
  readonly contentType = mediaTypes.yaml;
  readonly watchContentType = mediaTypes.json;

  constructor(private readonly json: Form) {
    this.key = `yaml of ${json.key}`;
  }

  one(entry: CacheEntry): Buffer {
    return toYaml(this.json.one(entry));
  }
  async list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer> {
    return toYaml(await this.json.list(entries, meta));
  }
  event(type: EventType, entry: CacheEntry): Buffer {
    return this.json.event(type, entry);
  }
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer {
    return this.json.bookmark(resourceVersion, initialEventsEnd);
  }
  failure(status: Status): Buffer {
    return this.json.failure(status);
  }
}

export const toYaml = (json: Uint8Array): Buffer =>
  Buffer.from(stringify(JSON.parse(Buffer.from(json).toString()), { lineWidth: 0 }));
